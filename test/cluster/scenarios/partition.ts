// The elected master's node is cut off from all others for a minute, goes on running, and comes back.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { cut, heal, letterOf } from '../harness/lab.ts';
import { noticed } from '../harness/noticed.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster, expectAtMost } from './support.ts';

export const partition: Scenario = {
  name: 'partition',
  does: "the elected master's node is cut off for a minute and comes back: one cluster all the time, nothing lost",
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const node = letterOf(master.node);
    let seen = '';
    const note = (): string => `cut off for 60 s; ${seen}`;
    const measured = await underLoad(bed, { node: others[0].node, note }, async () => {
      say(`  node ${node} with ${master.name} is cut off`);
      const began = Date.now();
      await cut(node);
      await pause(60);
      seen = (await noticed(bed.namespace, others, began)).words;
      await heal(node);
      say(`  node ${node} is back`);
      await untilGreen(bed.variant, 300);
    });
    expectNothingLost(measured);
    expect(measured.restarted).toEqual([]);
    expectAtMost('longest write gap', measured.row.writeGapSeconds, 7, 40);
  },
};

export const shortCut: Scenario = {
  name: 'short-cut',
  does: "the master's node, then another one, is cut off for 2 s: no election, no node is taken for dead",
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 6,
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const measured = await underLoad(bed, { node: others[0].node, note: 'cut off for 2 s each' }, async () => {
      for (const pod of [master, others[1]]) {
        const node = letterOf(pod.node);
        say(`  node ${node} with ${pod.name} is cut off for 2 s`);
        await cut(node);
        await pause(2);
        await heal(node);
        await pause(10);
      }
    });
    expectNothingLost(measured);
    expect(measured.row.elections).toBe(0);
    expect(measured.restarted).toEqual([]);
    expect(measured.report).toMatchObject({ yellowMs: 0, redMs: 0 });
  },
};
