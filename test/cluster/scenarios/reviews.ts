// What the cluster is for: reviews go in and are found, whatever happens to a node or to the index design.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { exampleBundle } from '../harness/bundle.ts';
import { idle, startClient, stopClient } from '../harness/client-pod.ts';
import { deploy, restartedSince, untilGreen } from '../harness/cluster.ts';
import { esJson, term } from '../harness/es.ts';
import { elasticsearchPods, exec, k } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { unmeasured } from '../harness/row.ts';
import { pause, say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { createReview } from '../load/reviews.ts';
import { electedMaster, machineAway } from './support.ts';

const client = 'example';
const file = '/dev/shm/client.cjs';
const reviews = 10_000;

/**
 * How many reviews of one run can be found, and how many deliveries they are of: counted one by one, since an
 * aggregation only estimates.
 */
const found = async (namespace: string, seed: number): Promise<{ reviews: number; deliveries: number }> => {
  const body = {
    size: reviews,
    _source: false,
    track_total_hits: true,
    query: { prefix: { delivery_id: `D${seed}-` } },
  };
  const path = '/reviews/_search?allow_partial_search_results=false&filter_path=hits.total.value,hits.hits._id';
  const { hits } = await esJson<{ hits: { total: { value: number }; hits?: { _id: string }[] } }>(
    namespace,
    'POST',
    path,
    { body, seconds: 30 },
  );
  return { reviews: hits.total.value, deliveries: new Set((hits.hits ?? []).map(({ _id }) => _id)).size };
};

const set = async (namespace: string): Promise<void> => {
  await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=240s'], { seconds: 250 });
};

/** The example client in a pod, as user ingest; its last words. */
const load = async (namespace: string, seed: number): Promise<string> => {
  const environment = [
    `ELASTICSEARCH_URL=https://elasticsearch.${namespace}.svc.cluster.local:9200`,
    'CREDENTIALS=/etc/elasticsearch/users',
  ];
  const command = [
    'env',
    ...environment,
    'node',
    file,
    'load',
    '--count',
    String(reviews),
    '--until',
    '2026-11-20',
    '--seed',
    String(seed),
  ];
  const done = await exec(namespace, client, command, { container: 'client', seconds: 240 });
  if (done.code !== 0) throw new Error(`the client failed: ${done.stderr}`);
  return done.stderr.trim().split('\r').at(-1) ?? '';
};

export const reviewsWhileANodeIsLost: Scenario = {
  name: 'reviews-while-a-node-is-lost',
  does: "the example client writes 10,000 reviews while the elected master's node vanishes: none lost, none doubled",
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 12,
  alerts: [
    ...machineAway,
    { alert: 'ElasticsearchRed', perhaps: 'a month that was just being made may have its only copy there' },
  ],
  async run({ namespace, variant, scenario, record }) {
    await set(namespace);
    const { master, others } = await electedMaster(namespace);
    const before = await elasticsearchPods(namespace);
    const electionsBefore = await term(namespace);
    const seed = Math.floor(Date.now() / 1000);
    await startClient({ namespace, name: client, node: others[0].node, users: ['ingest'], command: idle });
    try {
      await until(
        'the program in its pod',
        { seconds: 30 },
        async () =>
          (await exec(namespace, client, ['tee', file], { container: 'client', input: exampleBundle() })).code === 0,
      );
      const node = letterOf(master.node);
      const began = Date.now();
      let over = false;
      const loading = load(namespace, seed).finally(() => (over = true));
      // The first ones are in; only a search tells, and only a second later.
      await Promise.race([
        loading,
        until('the first reviews', { seconds: 90, every: 0.2 }, async () => (await found(namespace, seed)).reviews > 0),
      ]);
      expect(over).toBe(false);
      say(`  node ${node} with ${master.name} vanishes`);
      await crash(node);
      expect(over).toBe(false);
      // A month that was just being made may have its only copy there: nothing acknowledged is in it, but it waits for
      // this node.
      await pause(30);
      say(`  node ${node} starts again`);
      await startNode(node);
      const words = await loading;
      say(`  ${words}, after ${secondsSince(began)} s`);
      const [, created = '', known = ''] = /(\d+) new, (\d+) known before/.exec(words) ?? [];
      expect(Number(created) + Number(known)).toBe(reviews);
      await untilGreen(variant, 300);
      const there = await found(namespace, seed);
      const restarted = restartedSince(before, await elasticsearchPods(namespace));
      const elections = (await term(namespace)) - electionsBefore;
      const note =
        `${reviews} reviews by the example client; ${known} of them by an attempt ` +
        'whose answer was lost; the node is back after 30 s';
      record({
        scenario,
        acknowledged: reviews,
        lost: reviews - there.reviews,
        ...unmeasured,
        greenAfterSeconds: secondsSince(began),
        elections,
        restarted: restarted.length,
        note,
      });
      expect(there).toEqual({ reviews, deliveries: reviews });
    } finally {
      await stopClient(namespace, client);
    }
  },
};

const mappings = readFileSync(join(root, 'base/reviews/index/mappings.json'), 'utf8');
const changed = {
  ...prod,
  mappings: mappings.replace('"properties": {', '"properties": {\n    "weather": { "type": "keyword" },'),
};

/** Everything that the set-up makes. */
const design = (namespace: string): Promise<unknown> =>
  Promise.all(
    [
      '/_index_template/reviews*',
      '/_component_template/reviews*',
      '/_ingest/pipeline/reviews*',
      '/reviews-*/_mapping',
      '/reviews-*/_alias',
    ].map((path) => esJson(namespace, 'GET', path)),
  );

export const reviewsSetUp: Scenario = {
  name: 'reviews-set-up',
  does:
    'the set-up of the reviews applied three times ends the same; with a changed mapping months that exist follow, ' +
    'in one apply, and no node restarts',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 8,
  async run({ namespace, variant }) {
    await set(namespace);
    const before = await elasticsearchPods(namespace);
    await esJson(namespace, 'POST', '/_bulk', { body: createReview('SET-UP') });
    const once = await design(namespace);
    for (let time = 2; time <= 3; time += 1) {
      await k(['-n', namespace, 'rollout', 'restart', 'deployment/reviews-setup']);
      await set(namespace);
      expect(await design(namespace)).toEqual(once);
    }
    await deploy(changed);
    await set(namespace);
    expect(JSON.stringify(await esJson(namespace, 'GET', '/reviews-2026.11/_mapping'))).toContain(
      '"weather":{"type":"keyword"}',
    );
    const withChange = await design(namespace);
    await k(['-n', namespace, 'rollout', 'restart', 'deployment/reviews-setup']);
    await set(namespace);
    expect(await design(namespace)).toEqual(withChange);
    await deploy(variant);
    await set(namespace);
    expect(restartedSince(before, await elasticsearchPods(namespace))).toEqual([]);
  },
};
