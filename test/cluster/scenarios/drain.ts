// `kubectl drain` of each Kubernetes node in turn, as for a kernel update.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { expectRefused, refusedUntilBack } from '../harness/eviction.ts';
import { elasticsearchPods, k } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { untilNothingLeftBehind } from './support.ts';

/** All that an administrator says, and that the test's own client is left alone. */
const options = [
  '--ignore-daemonsets',
  '--delete-emptydir-data',
  '--timeout=300s',
  '--pod-selector=app.kubernetes.io/component!=test-client',
];

export const drain: Scenario = {
  name: 'drain',
  does: "each Kubernetes node is drained in turn; the next drain is refused until the last one's data is back",
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 20,
  async run(bed) {
    const { namespace } = bed;
    const pods = await elasticsearchPods(namespace);
    const measured = await underLoad(bed, { note: 'three nodes, one after the other' }, async () => {
      for (const [i, drained] of pods.entries()) {
        const next = pods[(i + 1) % pods.length];
        if (drained.node === undefined || next === undefined) throw new Error(`${drained.name} runs nowhere`);
        say(`  kubectl drain ${drained.node}`);
        await k(['drain', drained.node, ...options], { seconds: 330 });
        await expectRefused(namespace, next.name);
        await k(['uncordon', drained.node]);
        const { refused } = await refusedUntilBack(namespace, drained.name, next.name);
        say(`  evicting ${next.name} was refused ${refused} times until ${drained.name} was back`);
        expect(refused).toBeGreaterThan(0);
        await untilGreen(bed.variant, 300);
      }
    });
    expectPlanned(measured);
    await untilNothingLeftBehind(namespace);
  },
};
