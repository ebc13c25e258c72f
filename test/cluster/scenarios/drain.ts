// `kubectl drain` of each Kubernetes node in turn, as for a kernel update.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, k, kubectl, pod } from '../harness/kube.ts';
import { pause, say } from '../harness/say.ts';
import { prod, threeNodes, type Scenario } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { untilNothingLeftBehind } from './support.ts';

/** All that an administrator says, and that the test's own client is left alone. */
const options = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=300s', '--pod-selector=app.kubernetes.io/component!=test-client'];

/** What a drain asks for with each pod; the answer, without the deed. */
const mayEvict = async (namespace: string, name: string): Promise<string> => {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: { dryRun: ['All'] } };
  const done = await kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], { input: JSON.stringify(eviction) });
  return done.code === 0 ? 'yes' : done.stderr;
};

/** How often the next eviction was refused until the pod was ready, which it is when its shards have recovered. */
const refusedUntilReady = async (namespace: string, name: string, next: string): Promise<number> => {
  const isReady = async (): Promise<boolean> => (await pod(namespace, name)).ready;
  for (let refused = 0; ; refused += 1) {
    if ((await mayEvict(namespace, next)) === 'yes') {
      // It may have turned ready a moment ago, and then this is right.
      expect({ allowed: next, ready: await isReady() }).toEqual({ allowed: next, ready: true });
      return refused;
    }
    await pause(0.5);
  }
};

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
        expect(await mayEvict(namespace, next.name)).toContain("would violate the pod's disruption budget");
        await k(['uncordon', drained.node]);
        const refused = await refusedUntilReady(namespace, drained.name, next.name);
        say(`  evicting ${next.name} was refused ${refused} times until ${drained.name} was ready`);
        expect(refused).toBeGreaterThan(0);
        await untilGreen(bed.variant, 300);
      }
    });
    expectPlanned(measured);
    await untilNothingLeftBehind(namespace);
  },
};
