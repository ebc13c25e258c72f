// Who can open a connection to whom: every pair that counts, tried on a network that enforces policies.
import { expect } from '@jest/globals';
import type { IService } from 'kubernetes-models/v1';
import { startClient, stopClient } from '../harness/client-pod.ts';
import { elasticsearchPods, exec, getJson, k, pods } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly ip: string;
}

interface Target {
  readonly what: string;
  readonly host: string;
  readonly port: number;
}

/** Listens wherever a program of the namespace would. */
const listen =
  'for (const port of [5353, 5601, 8080, 9114, 9200, 9300]) ' +
  `require('node:net').createServer((socket) => socket.end()).listen(port);`;
/** In bash, which every image here has. */
const connect = `timeout 4 bash -c '(: < "/dev/tcp/$0/$1") 2> /dev/null' "$1" "$2" && echo open || echo closed`;

const friends = 'friends-of-reviews';
const strangers = 'strangers-to-reviews';
const client = { 'delivery-reviews.dev/elasticsearch-client': 'true' };
const program = (name: string): Record<string, string> => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': 'reviews',
});

/** Pods that stand in for programs: with their labels, and listening at their ports. */
const standIns = (
  namespace: string,
): { who: string; namespace: string; name: string; labels: Record<string, string> }[] => [
  { who: 'Kibana', namespace, name: 'stand-in-kibana', labels: program('kibana') },
  {
    who: 'the erasing pod',
    namespace,
    name: 'stand-in-eraser',
    labels: { ...program('reviews-erase'), ...client },
  },
  { who: 'a client', namespace, name: 'stand-in-client', labels: client },
  { who: 'a pod without labels', namespace, name: 'stand-in-stranger', labels: {} },
  { who: 'a client in a namespace with all labels', namespace: friends, name: 'stand-in-friend', labels: client },
  { who: 'a pod without labels there', namespace: friends, name: 'stand-in-acquaintance', labels: {} },
  { who: 'a client in another namespace', namespace: strangers, name: 'stand-in-stranger', labels: client },
];

/** What may be reached; everything else may not. */
const open: Readonly<Record<string, readonly string[]>> = {
  // DNS is open to anywhere, and so is whatever listens at its ports.
  'a node': ['a node, 9300', 'DNS', 'the API server', 'a pod elsewhere, 5353'],
  credentials: ['a node, 9200', 'Kibana, 5601', 'DNS', 'the API server', 'a pod elsewhere, 5353'],
  "the reviews' set-up": ['a node, 9200', 'Kibana, 5601', 'DNS', 'a pod elsewhere, 5353'],
  Kibana: ['a node, 9200', 'DNS', 'a pod elsewhere, 5353'],
  'the erasing pod': ['a node, 9200', 'DNS', 'a pod elsewhere, 5353'],
  'a client': ['a node, 9200', 'DNS', 'a pod elsewhere, 5353'],
  'a pod without labels': ['DNS', 'a pod elsewhere, 5353'],
  'a client in a namespace with all labels': [
    'a node, 9200',
    'Kibana, 5601',
    'DNS',
    'the API server',
    'a pod elsewhere',
    'a pod elsewhere, 5353',
  ],
  'a pod without labels there': ['Kibana, 5601', 'DNS', 'the API server', 'a pod elsewhere', 'a pod elsewhere, 5353'],
  'a client in another namespace': ['DNS', 'the API server'],
};

const ipOf = async (namespace: string, name: string): Promise<string> =>
  until(
    `an address of ${name}`,
    { seconds: 60 },
    async () => (await getJson<{ status?: { podIP?: string } }>(['-n', namespace, 'pod', name])).status?.podIP,
  );

const realPlace = async (namespace: string, selector: string): Promise<Place> => {
  const found = (await pods(namespace, selector)).find(({ leaving }) => !leaving);
  if (found?.ip === undefined) throw new Error(`no pod ${selector} runs`);
  return { namespace, pod: found.name, container: found.raw.spec?.containers[0]?.name ?? '', ip: found.ip };
};

const attempt = async ({ namespace, pod, container }: Place, { host, port }: Target): Promise<string> => {
  const done = await exec(namespace, pod, ['bash', '-c', connect, 'bash', host, String(port)], {
    container,
    seconds: 30,
  });
  if (done.code !== 0) throw new Error(`${pod} could not try: ${done.stderr}`);
  return done.stdout.trim();
};

export const network: Scenario = {
  name: 'network',
  does: 'every allowed path between pods is open, and every other one closed',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 10,
  async run({ namespace, matrix }) {
    const made = standIns(namespace);
    const labels = [
      client,
      { 'delivery-reviews.dev/kibana-client': 'true' },
      { 'delivery-reviews.dev/monitoring': 'true' },
    ];
    const namespaces = [
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: friends, labels: Object.assign({}, ...labels) as object },
      },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: strangers } },
    ];
    try {
      await k(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: namespaces }) });
      await Promise.all(
        made.map(({ who: _who, ...pod }) =>
          startClient({ ...pod, users: [], authority: false, command: ['node', '-e', listen] }),
        ),
      );
      const [node, peer] = await elasticsearchPods(namespace);
      const service = (where: string, name: string): Promise<IService> =>
        getJson<IService>(['-n', where, 'service', name]);
      const places: [string, Place][] = [
        ['a node', await realPlace(namespace, 'app.kubernetes.io/name=elasticsearch')],
        ['credentials', await realPlace(namespace, 'app.kubernetes.io/name=credentials,pod-template-hash')],
        ["the reviews' set-up", await realPlace(namespace, 'app.kubernetes.io/name=reviews-setup,pod-template-hash')],
        ...(await Promise.all(
          made.map(
            async ({ who, namespace: where, name }): Promise<[string, Place]> => [
              who,
              { namespace: where, pod: name, container: 'client', ip: await ipOf(where, name) },
            ],
          ),
        )),
      ];
      const ip = (who: string): string => places.find(([name]) => name === who)?.[1].ip ?? '';
      const api = await getJson<{ endpoints: { addresses: string[] }[]; ports: { port: number }[] }>([
        '-n',
        'default',
        'endpointslice',
        'kubernetes',
      ]);
      const targets: Target[] = [
        { what: 'a node, 9200', host: peer?.ip ?? '', port: 9200 },
        { what: 'a node, 9300', host: peer?.ip ?? '', port: 9300 },
        { what: 'Kibana, 5601', host: ip('Kibana'), port: 5601 },
        { what: 'a client, 8080', host: ip('a client'), port: 8080 },
        { what: 'DNS', host: (await service('kube-system', 'kube-dns')).spec?.clusterIP ?? '', port: 53 },
        { what: 'the API server', host: api.endpoints[0]?.addresses[0] ?? '', port: api.ports[0]?.port ?? 0 },
        { what: 'a pod elsewhere', host: ip('a client in another namespace'), port: 8080 },
        { what: 'a pod elsewhere, 5353', host: ip('a client in another namespace'), port: 5353 },
      ];
      expect(node?.ip).not.toBe(peer?.ip);
      // Policies of new pods take a moment: what is open at the end of the wait is what counts.
      await until(
        'the paths of the newest pods',
        { seconds: 60 },
        async () => (await attempt(places.at(-1)?.[1] as Place, targets[5] as Target)) === 'open',
      );
      const rows = await Promise.all(
        places.map(async ([who, place]) => {
          const answers: string[] = [];
          // A pod reaches itself whatever the policies say.
          for (const target of targets)
            answers.push(target.host === place.ip ? 'itself' : await attempt(place, target));
          return { who, answers };
        }),
      );
      for (const { who, answers } of rows)
        say(`  ${who}: ${targets.map(({ what }, i) => `${what} ${answers[i] ?? ''}`).join(' · ')}`);
      matrix(
        ['from \\ to', ...targets.map(({ what }) => what)],
        rows.map(({ who, answers }) => [who, ...answers.map((answer) => (answer === 'open' ? '**open**' : answer))]),
      );
      const found = Object.fromEntries(
        rows.map(({ who, answers }) => [who, targets.filter((_, i) => answers[i] === 'open').map(({ what }) => what)]),
      );
      expect(found).toEqual(open);
    } finally {
      for (const { namespace: where, name } of made) if (where === namespace) await stopClient(where, name);
      await k(['delete', 'namespace', friends, strangers, '--ignore-not-found', '--timeout=120s'], { seconds: 130 });
    }
  },
};
