// More nodes, and fewer again.
import { expect } from '@jest/globals';
import { applyVariant, deploy, untilGreen } from '../harness/cluster.ts';
import { esJson, health } from '../harness/es.ts';
import { copiesThatShareAZone, nodes } from '../harness/facts.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import type { Declared } from '../watch/expected.ts';
import { expectKept, newIndex, untilNothingLeftBehind, writeKept } from './support.ts';

/** Not so with the rules as they are: there it waits six times as long. */
const twoStart: Declared = [
  { alert: 'ElasticsearchNodesMissing', perhaps: 'two nodes that start at once on two cores take as long as it waits' },
];

export const scaling: Scenario = {
  name: 'scaling',
  does: 'from three nodes to five and back: no pod is restarted, nothing is lost, no exclusion stays behind',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  alerts: twoStart,
  async run(bed) {
    const { namespace } = bed;
    // More shards than chance would keep out of each other's zones.
    await newIndex(namespace, 'spread', { shards: 12, replicas: 1 });
    const five = { ...bed.variant, replicas: 5 };
    const up = await underLoad(bed, { part: '3 to 5' }, async () => {
      say(`  five nodes after ${await deploy(five)} s`);
    });
    expectPlanned(up);
    expect(up.restarted).toEqual([]);
    expect((await nodes(namespace)).length).toBe(5);
    const together = await copiesThatShareAZone(namespace);
    if (together.length > 0) throw new Error(`copies share a zone: ${together.join(', ')}`);

    const down = await underLoad(bed, { part: '5 to 3' }, async () => {
      await applyVariant(bed.variant);
      say(`  three nodes after ${await untilGreen(bed.variant, 420, 120)} s`);
    });
    expectPlanned(down);
    // The data has moved before a node stops: no shard ever lacks a copy.
    if (down.report.yellowMs > 0)
      throw new Error(`nodes that left for good left shards without a copy for ${down.report.yellowMs} ms`);
    expect(down.restarted).toEqual([]);
    expect((await elasticsearchPods(namespace)).map(({ name }) => name)).toEqual([
      'elasticsearch-0',
      'elasticsearch-1',
      'elasticsearch-2',
    ]);
    await esJson(namespace, 'DELETE', '/spread');
    await untilNothingLeftBehind(namespace);
  },
};

export const scalingToOne: Scenario = {
  name: 'scaling-to-one',
  does:
    'from three nodes to one and back: two of three voters leave at once, and the one that stays is still a ' +
    'cluster with every document',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  alerts: twoStart,
  async run({ namespace, variant }) {
    await writeKept(namespace, 1);
    await applyVariant({ ...variant, replicas: 1 });
    await until('one pod', { seconds: 240, every: 2 }, async () => (await elasticsearchPods(namespace)).length === 1);
    await until(
      'a cluster of one node, with a master',
      { seconds: 60 },
      async () => (await health(namespace)).number_of_nodes === 1,
    );
    await expectKept(namespace);
    await deploy(variant);
    await expectKept(namespace);
    await esJson(namespace, 'DELETE', '/kept');
    await untilNothingLeftBehind(namespace);
  },
};
