// Two of three nodes at once: with their disks, which brings everything back, and without, after which only people may
// say that one node's state is to be the cluster's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { hasNoMaster } from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { es, esJson } from '../harness/es.ts';
import { clusterUuid, marker } from '../harness/facts.ts';
import { elasticsearchPods, k, logs, pod } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { electedMaster, expectKept, writeKept } from './support.ts';

/** Longer than any election or time-out of the one that is left: what it has not done by then it does not do. */
const alone = 45;

export const quorumLost: Scenario = {
  name: 'quorum-lost',
  does:
    'two of three nodes go down with their machines, the elected master among them: the third one serves nothing and ' +
    'forms no cluster; when they are back it is the same cluster, with every acknowledged write',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  // Two of three are away for hardly longer than the alerts wait: that they speak, alerts-no-master shows.
  alerts: [
    { alert: 'ElasticsearchNoMaster', perhaps: 'as the agents that are lost are counted for a while' },
    { alert: 'ElasticsearchDoesNotAnswer', perhaps: 'the exporter may be on a node that is lost' },
    { alert: 'ElasticsearchZoneLost', perhaps: 'as both are away for hardly longer than it waits' },
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
  ],
  async run(bed) {
    const { namespace, variant } = bed;
    const uuid = await clusterUuid(namespace);
    const { master, others } = await electedMaster(namespace);
    const [left, second] = others;
    const lost = [master, second];
    const note = `two of three nodes are down for ${alone} s and more; nothing can be written meanwhile`;
    const measured = await underLoad(bed, { node: left.node, note }, async (load) => {
      await pause(10);
      await Promise.all(lost.map(({ node }) => crash(letterOf(node))));
      await until('a node without a master', { seconds: 60 }, () => hasNoMaster(namespace, left.name));
      // It has noticed: whatever is acknowledged from here on would be acknowledged by one of three.
      await pause(5);
      const acknowledged = load.acknowledged();
      await pause(alone);
      expect(await hasNoMaster(namespace, left.name)).toBe(true);
      expect(load.acknowledged()).toBe(acknowledged);
      expect(await marker(namespace)).toBe(uuid);
      say(`  ${left.name} alone for ${alone} s: no master, no write; the two come back`);
      await Promise.all(lost.map(({ node }) => startNode(letterOf(node))));
      await untilGreen(variant, 420);
    });
    expectNothingLost(measured);
    expect(measured.restarted).toEqual(lost.map(({ name }) => name).sort());
    expect(await clusterUuid(namespace)).toBe(uuid);
  },
};

/** The runbook's commands, with the names of this case in place of its examples. */
const commands = (namespace: string, name: string): string => {
  const text = readFileSync(join(root, 'docs/runbooks/lost-quorum.md'), 'utf8');
  const block = /```sh\n([^]*?)```/.exec(text)?.[1] ?? '';
  const wanted = `NAMESPACE=${namespace} POD=${name}`;
  const replaced = block.replace(/^NAMESPACE=\S+ POD=\S+$/m, wanted);
  expect(replaced).toContain(wanted);
  return replaced;
};

/** One that has the superuser's password too: with two copies of it, one of three nodes has none. */
const survivorOf = async (namespace: string): Promise<string> => {
  const path = '/_cat/shards/.security*?format=json&h=node,state';
  const copies = await esJson<readonly { node: string | null; state: string }[]>(namespace, 'GET', path);
  const found = copies.find(({ state }) => state === 'STARTED')?.node;
  if (typeof found !== 'string') throw new Error('no node has the security index');
  return found;
};

/** What a scenario before has written under load has two copies, and one of three nodes has none of some of it. */
const removeLoaded = async (namespace: string): Promise<void> => {
  const path = '/_cat/indices/load-*?format=json&h=index';
  const found = await esJson<readonly { index: string }[]>(namespace, 'GET', path);
  for (const { index } of found) await esJson(namespace, 'DELETE', `/${index}`);
};

/** As if two disks had died: the pods go at once, their claims with them. New ones come, with empty disks. */
const loseDisksOf = async (namespace: string, names: readonly string[]): Promise<void> => {
  const before = await Promise.all(names.map((name) => pod(namespace, name)));
  await k(['-n', namespace, 'delete', 'pvc', ...names.map((name) => `data-${name}`), '--wait=false']);
  await k(['-n', namespace, 'delete', 'pod', ...names, '--force', '--grace-period=0', '--wait=false']);
  for (const old of before)
    await until(`${old.name} prepared on an empty disk`, { seconds: 120, every: 2 }, async () => {
      if ((await pod(namespace, old.name)).uid === old.uid) return undefined;
      return (await logs(namespace, old.name, 'prepare')).includes("this node's disk is empty");
    });
};

export const quorumLostForGood: Scenario = {
  name: 'quorum-lost-for-good',
  does:
    'two of three disks are lost: the node that is left forms no cluster with the two empty ones, until the commands ' +
    'of the runbook say that its state counts; then every document that was copied to it is there',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 12,
  alerts: [
    'ElasticsearchDoesNotAnswer',
    {
      alert: 'ElasticsearchNoMaster',
      perhaps: 'the two with empty disks have hardly started when the runbook is done',
    },
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
    {
      alert: 'ElasticsearchNodesMissing',
      perhaps: 'the node that is left is the cluster until the others have joined',
    },
  ],
  async run({ namespace, variant }) {
    const uuid = await clusterUuid(namespace);
    await removeLoaded(namespace);
    // A copy on each node, as reviews have it.
    await writeKept(namespace, 2);
    const left = await survivorOf(namespace);
    const lost = (await elasticsearchPods(namespace)).flatMap(({ name }) => (name === left ? [] : [name]));
    await loseDisksOf(namespace, lost);
    await until('a node without a master', { seconds: 60 }, () => hasNoMaster(namespace, left));
    await pause(alone);
    for (const name of [left, ...lost]) {
      const { status } = await until(`an answer of ${name}`, { seconds: 120 }, () =>
        es(namespace, 'GET', '/_cluster/health?master_timeout=1s', { pod: name, user: 'operations' }),
      );
      if (status !== 503)
        throw new Error(`${name} belongs to a cluster by itself: its health is answered with ${status}`);
    }
    expect(await marker(namespace)).toBe(uuid);
    say(`  nobody formed a cluster in ${alone} s; now the runbook, with the state of ${left}`);

    const done = await run('bash', ['-euo', 'pipefail', '-xc', commands(namespace, left)], {
      cwd: root,
      env: process.env,
      seconds: 400,
    });
    say(done.stderr.trim());
    expect(done.code).toBe(0);
    await untilGreen(variant, 300);
    await expectKept(namespace);
    const now = await clusterUuid(namespace);
    expect(now).not.toBe(uuid);
    expect(await marker(namespace)).toBe(now);
    await esJson(namespace, 'DELETE', '/kept');
  },
};
