// Kubernetes nodes as they often come: vm.max_map_count is too low for Elasticsearch.
import { expect } from '@jest/globals';
import { applyVariant, untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, type Pod } from '../harness/kube.ts';
import { ensureLab } from '../harness/lab.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

/** Why the init container has failed, as it stands in the pod's status. */
const reason = ({ raw }: Pod): string => {
  const status = raw.status?.initContainerStatuses?.find(({ name }) => name === 'prepare');
  return status?.state?.terminated?.message ?? status?.lastState?.terminated?.message ?? '';
};

export const lowMapCount: Scenario = {
  name: 'low-map-count',
  does:
    'with vm.max_map_count too low every pod says so in its status; once it is ' +
    'set, the first start goes on and forms the cluster',
  set: 'full',
  lab: { nodes: 3, maxMapCount: 65530 },
  variant: prod,
  empty: true,
  labOnly: true,
  minutes: 12,
  async run({ namespace, variant }) {
    await applyVariant(variant);
    const pods = await until('the reason in all pods', { seconds: 180, every: 3 }, async () => {
      const now = await elasticsearchPods(namespace);
      return now.length === 3 && now.every((pod) => reason(pod) !== '') ? now : undefined;
    });
    for (const pod of pods) {
      expect(reason(pod)).toContain(
        `vm.max_map_count is 65530 on Kubernetes node ${pod.node ?? '?'}, Elasticsearch needs at least 262144`,
      );
      expect(reason(pod)).toContain('sysctl -w vm.max_map_count=1048576');
    }
    say(`  ${reason(pods[0] as Pod)}`);
    await ensureLab(threeNodes);
    await untilGreen(variant, 420);
  },
};

const failedBootstrap = { ...prod, settings: 'bootstrap.memory_lock: true\n' };

export const failedFirstStart: Scenario = {
  name: 'failed-first-start',
  does:
    "a first start that failed one of Elasticsearch's own checks, and so left " +
    'disks that are not empty, forms once it is repaired',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  empty: true,
  minutes: 15,
  async run({ namespace, variant }) {
    await applyVariant(failedBootstrap);
    await until('a node that refuses to start', { seconds: 240, every: 3 }, async () =>
      (await elasticsearchPods(namespace)).some(({ restarts }) => restarts > 0),
    );
    expect((await elasticsearchPods(namespace)).filter(({ ready }) => ready)).toEqual([]);
    await applyVariant(variant);
    await untilGreen(variant, 600);
  },
};
