// A process stands still, as in a long garbage collection, while its kernel goes on.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { signalJvm } from '../harness/jvm.ts';
import { elasticsearchPods, type Pod } from '../harness/kube.ts';
import { type Noticed, noticed } from '../harness/noticed.ts';
import { pause, say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
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

const hangs = 60;

/** How long until the others noticed that it hangs, and in words. */
const hang = async (bed: Bed, pod: Pod): Promise<Noticed> => {
  const stayed = (await elasticsearchPods(bed.namespace)).filter(({ name }) => name !== pod.name);
  const began = Date.now();
  await freeze(pod, hangs);
  const found = await noticed(bed.namespace, stayed, began);
  say(`  ${found.words}`);
  await untilGreen(bed.variant, 300);
  return found;
};

export const hungNode: Scenario = {
  name: 'hung-node',
  does:
    `the master's process, then another node's, hangs for ${hangs} s while its kernel lives: noticed within 20 s, ` +
    'written again within 40 s, nothing lost',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 12,
  alerts: [
    {
      alert: 'ElasticsearchDoesNotAnswer',
      perhaps: 'a master that hangs is missed for about as long as the alert waits',
    },
    { alert: 'ElasticsearchYellow', perhaps: 'copies are missing for about as long as the alert waits' },
  ],
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const hung = { 'the master': master, 'another node': others[1] };
    for (const [part, pod] of Object.entries(hung)) {
      let found: Noticed | undefined;
      const note = (): string => found?.words ?? '';
      const measured = await underLoad(bed, { node: others[0].node, part, note }, async () => {
        found = await hang(bed, pod);
      });
      expectNothingLost(measured);
      expect(measured.restarted).toEqual([]);
      expectAtMost('until a hung process was noticed', found?.seconds, 20, 59);
      expectAtMost('longest write gap', measured.row.writeGapSeconds, 40, 90);
    }
  },
};
