// The Java process of the elected master is killed. Its connections are closed by the kernel, so everybody knows at
// once.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { signalJvm } from '../harness/jvm.ts';
import { pause } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster, expectAtMost } from './support.ts';

export const killedProcess: Scenario = {
  name: 'killed-process',
  does: "the elected master's process is killed: every shard is written again within 5 s",
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 8,
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const measured = await underLoad(bed, { node: others[0].node }, async () => {
      signalJvm(master, 'SIGKILL');
      await pause(10);
      await untilGreen(bed.variant, 240);
    });
    expectNothingLost(measured);
    expect(measured.restarted).toEqual([master.name]);
    expectAtMost('longest write gap', measured.row.writeGapSeconds, 5, 40);
  },
};
