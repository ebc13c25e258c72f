// Somebody has the token of an agent. What the API server refuses, and what comes of what it allows: the marker "was
// formed" changed, emptied and deleted. A Lease with times of a far-away future is clock-ahead.
import { expect } from '@jest/globals';
import { restartedSince } from '../harness/cluster.ts';
import { marker } from '../harness/facts.ts';
import { elasticsearchPods, exec, k, logs } from '../harness/kube.ts';
import { say, secondsSince } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: object;
}

/** In the container of the agent, with its token and its authority; prints the status of each answer. */
const thief = `
const { readFileSync } = require('node:fs');
const { request } = require('node:https');
const folder = '/var/run/secrets/kubernetes.io/serviceaccount/';
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
const send = ({ method, path, type, body }) => new Promise((resolve, reject) => {
  const headers = { authorization: 'Bearer ' + readFileSync(folder + 'token', 'utf8'), 'content-type': type };
  request({ host, port, method, path, headers, ca: readFileSync(folder + 'ca.crt'), timeout: 8000 }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
  }).on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
});
(async () => {
  const answers = [];
  for (const ask of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await send(ask));
  console.log(JSON.stringify(answers));
})();`;

const send = async (namespace: string, asks: readonly Ask[]): Promise<number[]> => {
  const input = JSON.stringify(asks.map((ask) => ({ type: 'application/json', ...ask })));
  const done = await exec(namespace, 'elasticsearch-1', ['node', '-e', thief], {
    container: 'agent',
    input,
    seconds: 60,
  });
  if (done.code !== 0) throw new Error(`the thief could not ask: ${done.stderr}`);
  return JSON.parse(done.stdout) as number[];
};

const merge = 'application/merge-patch+json';
const core = (namespace: string, rest: string): string => `/api/v1/namespaces/${namespace}/${rest}`;

const refused = (namespace: string): readonly (readonly [what: string, ask: Ask])[] => {
  const set = `/apis/apps/v1/namespaces/${namespace}/statefulsets/elasticsearch`;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'thief' }, spec: { containers: [] } };
  return [
    ['reading a Secret', { method: 'GET', path: core(namespace, 'secrets/elasticsearch-user-elastic') }],
    ['listing Secrets', { method: 'GET', path: core(namespace, 'secrets') }],
    [
      'accepting a new authority where `credentials` reads it',
      {
        method: 'PATCH',
        path: core(namespace, 'secrets/elasticsearch-users'),
        type: merge,
        body: { metadata: { annotations: { 'delivery-reviews.dev/new-authority': '2026-11-01' } } },
      },
    ],
    ['listing pods', { method: 'GET', path: core(namespace, 'pods') }],
    ['making a pod', { method: 'POST', path: core(namespace, 'pods'), body: pod }],
    ['entering its own pod', { method: 'POST', path: core(namespace, 'pods/elasticsearch-1/exec?command=id') }],
    ['deleting a pod', { method: 'DELETE', path: core(namespace, 'pods/elasticsearch-0') }],
    ['scaling', { method: 'PATCH', path: `${set}/scale`, type: merge, body: { spec: { replicas: 1 } } }],
    ['deleting the marker', { method: 'DELETE', path: core(namespace, 'configmaps/elasticsearch-formed') }],
    [
      'changing the roles of users',
      { method: 'PATCH', path: core(namespace, 'configmaps/elasticsearch-roles'), type: merge, body: { data: {} } },
    ],
    ['another token', { method: 'POST', path: core(namespace, 'serviceaccounts/elasticsearch/token'), body: {} }],
  ];
};

const patchMarker = async (namespace: string, body: object): Promise<void> => {
  const path = core(namespace, 'configmaps/elasticsearch-formed');
  expect(await send(namespace, [{ method: 'PATCH', path, type: merge, body }])).toEqual([200]);
};

const told = async (namespace: string, what: string): Promise<boolean> => {
  const pods = await elasticsearchPods(namespace);
  const all = await Promise.all(pods.map(({ name }) => logs(namespace, name, 'agent')));
  return all.every((log) => log.includes(what));
};

const changed = async ({ namespace, tried }: Bed, uuid: string): Promise<void> => {
  const before = await elasticsearchPods(namespace);
  const began = Date.now();
  await patchMarker(namespace, { data: { cluster_uuid: 'of-a-thief' } });
  try {
    await until('each agent saying that the marker was changed', { seconds: 240, every: 3 }, () =>
      told(namespace, 'somebody has changed it: this node belongs to cluster'),
    );
    const seconds = secondsSince(began);
    const now = await elasticsearchPods(namespace);
    expect(now.map(({ ready }) => ready)).toEqual(before.map(() => true));
    expect(restartedSince(before, now)).toEqual([]);
    expect(await marker(namespace)).toBe('of-a-thief');
    tried(
      'the token of an agent, writing another cluster into the marker',
      `all nodes stay ready, each agent says so within ${seconds} s; a person puts it back`,
    );
  } finally {
    const right = JSON.stringify({ data: { cluster_uuid: uuid } });
    await k(['-n', namespace, 'patch', 'configmap', 'elasticsearch-formed', '--type=merge', '-p', right]);
  }
};

const writtenAnew = async (namespace: string, uuid: string): Promise<number> => {
  const began = Date.now();
  await until('the marker written anew', { seconds: 120, every: 2 }, async () => (await marker(namespace)) === uuid);
  return secondsSince(began);
};

const emptied = async ({ namespace, tried }: Bed, uuid: string): Promise<void> => {
  await patchMarker(namespace, { data: { cluster_uuid: null } });
  expect(await marker(namespace)).toBeUndefined();
  tried('the token of an agent, emptying the marker', `written anew after ${await writtenAnew(namespace, uuid)} s`);
};

const ownedByNobody = async ({ namespace, tried }: Bed, uuid: string): Promise<void> => {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: '00000000-0000-4000-8000-000000000000' };
  await patchMarker(namespace, { metadata: { ownerReferences: [owner] } });
  await until('the marker deleted', { seconds: 60, every: 0.2 }, async () => (await marker(namespace)) === undefined);
  const seconds = await writtenAnew(namespace, uuid);
  tried(
    'the token of an agent, having the marker deleted by an owner that does not exist',
    `written anew after ${seconds} s`,
  );
};

export const stolenToken: Scenario = {
  name: 'stolen-token',
  does:
    "the token of a node's agent opens no Secret, no pod and no other object; a changed marker is told by every " +
    'agent, an emptied or deleted one is written anew, and all nodes stay ready',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 12,
  async run(bed) {
    const { namespace, tried } = bed;
    const all = refused(namespace);
    const answers = await send(
      namespace,
      all.map(([, ask]) => ask),
    );
    for (const [i, [what]] of all.entries()) {
      tried(`the token of an agent, ${what}`, String(answers[i]));
      say(`  ${what}: ${answers[i] ?? ''}`);
    }
    expect(answers).toEqual(all.map(() => 403));
    const uuid = await marker(namespace);
    if (uuid === undefined) throw new Error('the cluster has not formed');
    await emptied(bed, uuid);
    await ownedByNobody(bed, uuid);
    await changed(bed, uuid);
  },
};
