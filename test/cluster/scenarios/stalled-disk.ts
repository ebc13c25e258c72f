// A disk stands still for 3 s, as a network disk does that is being moved.
import { expect } from '@jest/globals';
import { deploy, undeploy } from '../harness/cluster.ts';
import { giveDisk, stallDisk, takeDisk } from '../harness/disk.ts';
import { type Pod } from '../harness/kube.ts';
import { letterOf, type NodeLetter } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster } from './support.ts';

const letters: readonly NodeLetter[] = ['a', 'b', 'c'];

const stall = async (pod: Pod): Promise<void> => {
  say(`  the disk of ${pod.name} stands still for 3 s`);
  await stallDisk(letterOf(pod.node), () => pause(3));
  await pause(10);
};

const putBack = async (namespace: string): Promise<void> => {
  await undeploy(namespace);
  for (const letter of letters) await takeDisk(letter);
};

export const stalledDisk: Scenario = {
  name: 'stalled-disk',
  does: "the master's disk, then another node's, stand still for 3 s: no election, no node is taken for dead",
  set: 'full',
  lab: threeNodes,
  variant: prod,
  empty: true,
  labOnly: true,
  minutes: 12,
  async run(bed) {
    try {
      for (const letter of letters) await giveDisk(letter);
      await deploy(bed.variant);
      const { master, others } = await electedMaster(bed.namespace);
      const measured = await underLoad(bed, { node: others[0].node }, async () => {
        await stall(master);
        await stall(others[1]);
      });
      expectNothingLost(measured);
      expect(measured.row.elections).toBe(0);
      expect(measured.restarted).toEqual([]);
      expect(measured.row.greenAfterSeconds).toBeUndefined();
      // The writes really waited.
      expect(measured.row.writeGapSeconds).toBeGreaterThan(2.5);
    } catch (error) {
      await putBack(bed.namespace);
      throw error;
    }
  },
  after: ({ namespace }) => putBack(namespace),
};
