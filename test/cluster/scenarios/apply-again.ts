// The same manifests once more.
import { expect } from '@jest/globals';
import { applyVariant, restartedSince, statefulSet } from '../harness/cluster.ts';
import { pods } from '../harness/kube.ts';
import { pause } from '../harness/say.ts';
import { prod, threeNodes, type Scenario } from '../harness/scenario.ts';

export const applyAgain: Scenario = {
  name: 'apply-again',
  does: 'applying the same manifests again restarts nothing',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 3,
  async run({ namespace, variant }) {
    const all = 'app.kubernetes.io/part-of=delivery-reviews';
    const before = await pods(namespace, all);
    const generation = (await statefulSet(namespace))?.metadata?.generation;
    await applyVariant(variant);
    await pause(15);
    const after = await pods(namespace, all);
    expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    expect(restartedSince(before, after)).toEqual([]);
    expect((await statefulSet(namespace))?.metadata?.generation).toBe(generation);
  },
};
