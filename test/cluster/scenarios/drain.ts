// `kubectl drain` of each Kubernetes node in turn, as for a kernel update.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, k, kubectl } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, threeNodes, type Scenario } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { untilNothingLeftBehind } from './support.ts';

/** All that an administrator says, and that the test's own client is left alone. */
const options = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=300s', '--pod-selector=app.kubernetes.io/component!=test-client'];

/** What a drain does with each pod; its answer. */
const evict = async (namespace: string, name: string): Promise<string> => {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const done = await kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], { input: JSON.stringify(eviction) });
  return done.code === 0 ? 'evicted' : done.stderr;
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
      for (const [i, pod] of pods.entries()) {
        const next = pods[(i + 1) % pods.length];
        if (pod.node === undefined || next === undefined) throw new Error(`${pod.name} runs nowhere`);
        say(`  kubectl drain ${pod.node}`);
        await k(['drain', pod.node, ...options], { seconds: 330 });
        expect(await evict(namespace, next.name)).toContain("would violate the pod's disruption budget");
        await k(['uncordon', pod.node]);
        // Refused all the time until the pod is ready, which it is when its shards have recovered.
        let refused = 0;
        while ((await elasticsearchPods(namespace)).some(({ ready }) => !ready)) {
          const answer = await evict(namespace, next.name);
          // It may have turned ready between the two requests, and then it is right to evict.
          if (answer === 'evicted') break;
          refused += 1;
        }
        expect(refused).toBeGreaterThan(0);
        await untilGreen(bed.variant, 300);
      }
    });
    expectPlanned(measured);
    await untilNothingLeftBehind(namespace);
  },
};
