// Three nodes, five, three again.
import { expect } from '@jest/globals';
import { applyVariant, deploy, untilGreen } from '../harness/cluster.ts';
import { clean, copiesThatShareAZone, litter, nodes } from '../harness/facts.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, threeNodes, type Scenario } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';

export const scaling: Scenario = {
  name: 'scaling',
  does: 'from three nodes to five and back: no pod is restarted, nothing is lost, no exclusion stays behind',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  async run(bed) {
    const { namespace } = bed;
    const five = { ...bed.variant, replicas: 5 };
    const up = await underLoad(bed, { part: '3 to 5' }, async () => {
      say(`  five nodes after ${await deploy(five)} s`);
    });
    expectPlanned(up);
    expect(up.restarted).toEqual([]);
    expect((await nodes(namespace)).length).toBe(5);
    expect(await copiesThatShareAZone(namespace)).toEqual([]);

    const down = await underLoad(bed, { part: '5 to 3' }, async () => {
      await applyVariant(bed.variant);
      say(`  three nodes after ${await untilGreen(bed.variant, 420)} s`);
    });
    expectPlanned(down);
    // The data has moved before a node stops: no shard ever lacks a copy.
    expect({ yellowMs: down.report.yellowMs }).toEqual({ yellowMs: 0 });
    expect(down.restarted).toEqual([]);
    expect((await elasticsearchPods(namespace)).map(({ name }) => name)).toEqual(['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2']);
    await until('nothing left behind', { seconds: 90, every: 5 }, async () => {
      const left = await litter(namespace);
      if (JSON.stringify(left) === JSON.stringify(clean)) return true;
      throw new Error(JSON.stringify(left));
    });
  },
};
