// A process stands still for 3 s, as in a long garbage collection or on a host that is being moved.
import { expect } from '@jest/globals';
import { signalJvm } from '../harness/jvm.ts';
import { type Pod } from '../harness/kube.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster } from './support.ts';

const freeze = async (pod: Pod, seconds: number): Promise<void> => {
  say(`  ${pod.name} stands still for ${seconds} s`);
  signalJvm(pod, 'SIGSTOP');
  try {
    await pause(seconds);
  } finally {
    signalJvm(pod, 'SIGCONT');
  }
};

export const frozenNode: Scenario = {
  name: 'frozen-node',
  does: 'the master, then another node, stand still for 3 s: no election, no node is taken for dead',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 5,
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const measured = await underLoad(bed, { node: others[0].node }, async () => {
      await freeze(master, 3);
      await pause(10);
      await freeze(others[1], 3);
      await pause(10);
    });
    expectNothingLost(measured);
    expect(measured.row.elections).toBe(0);
    expect(measured.restarted).toEqual([]);
    // No node left: its shards would have had to recover.
    expect(measured.report).toMatchObject({ yellowMs: 0, redMs: 0 });
  },
};
