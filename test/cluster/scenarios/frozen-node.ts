// A process stands still, as in a long garbage collection, while its kernel goes on.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { signalJvm } from '../harness/jvm.ts';
import { type Pod } from '../harness/kube.ts';
import type { Load } from '../harness/load.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { electedMaster, expectAtMost } from './support.ts';

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
  does: 'the master, then another node, stand still for 3, 8 and 15 s: no election, no node is taken for dead',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 7,
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const measured = await underLoad(bed, { node: others[0].node }, async () => {
      for (const seconds of [3, 8, 15])
        for (const pod of [master, others[1]]) {
          await freeze(pod, seconds);
          await pause(10);
        }
    });
    expectNothingLost(measured);
    expect(measured.row.elections).toBe(0);
    expect(measured.restarted).toEqual([]);
    // No node left: its shards would have had to recover.
    expect(measured.report).toMatchObject({ yellowMs: 0, redMs: 0 });
  },
};

const seen = (load: Load): number | undefined =>
  load.lines.flatMap((line) => (line.kind === 'status' ? [line.status.nodes] : [])).at(-1);

export const hungNode: Scenario = {
  name: 'hung-node',
  does: "the master's process, then another node's, hangs for 40 s while its kernel lives: noticed within 20 s, nothing lost",
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const noticed: number[] = [];
    const measured = await underLoad(
      bed,
      { node: others[0].node, note: () => `noticed after ${noticed.join(' and ')} s` },
      async (load) => {
        for (const pod of [master, others[1]]) {
          const began = Date.now();
          const hanging = freeze(pod, 40);
          await until(`a cluster without ${pod.name}`, { seconds: 39, every: 0.1 }, async () => seen(load) === 2);
          noticed.push(Math.round((Date.now() - began) / 100) / 10);
          await hanging;
          await untilGreen(bed.variant, 300);
        }
      },
    );
    expectNothingLost(measured);
    expect(measured.restarted).toEqual([]);
    for (const seconds of noticed) expectAtMost('until a hung process was noticed', seconds, 20, 39);
  },
};
