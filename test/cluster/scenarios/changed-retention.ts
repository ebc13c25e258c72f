// The cluster says something else about the data than the overlay: somebody changed the StatefulSet behind its back.
import { expect } from '@jest/globals';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { checkout } from '../../scripts/support/checkout.ts';
import { restartedSince } from '../harness/cluster.ts';
import { elasticsearchPods, getJson, k } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

const ownedClaims = async (namespace: string): Promise<number> => {
  const { items } = await getJson<{ items: IPersistentVolumeClaim[] }>(['-n', namespace, 'persistentvolumeclaims']);
  return items.filter(({ metadata }) => (metadata?.ownerReferences ?? []).length > 0).length;
};

const whenDeleted = async (namespace: string, policy: 'Delete' | 'Retain'): Promise<void> => {
  const patch = JSON.stringify({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: policy } } });
  await k(['-n', namespace, 'patch', 'statefulset', 'elasticsearch', '--type=merge', '-p', patch]);
  const owned = policy === 'Delete' ? 3 : 0;
  await until(`${owned} claims with an owner`, { seconds: 60 }, async () => (await ownedClaims(namespace)) === owned);
};

export const changedRetention: Scenario = {
  name: 'changed-retention',
  does:
    'the StatefulSet in the cluster says that claims go with it, the overlay that they stay: undeploy removes ' +
    'nothing, names both, and works when they agree again',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 10,
  async run({ namespace }) {
    const copy = checkout();
    const before = await elasticsearchPods(namespace);
    try {
      await whenDeleted(namespace, 'Delete');
      const refused = await copy.command('undeploy', 'prod', namespace);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('nothing was removed');
      expect(refused.stderr).toMatch(
        /the overlay says whenDeleted: Retain, but StatefulSet \S+ in the cluster says Delete/,
      );
      expect(restartedSince(before, await elasticsearchPods(namespace))).toEqual([]);

      await whenDeleted(namespace, 'Retain');
      const removed = await copy.command('undeploy', 'prod');
      expect(removed.stderr).toContain('Removed; the data is kept');
      expect(removed.code).toBe(0);
      const { items } = await getJson<{ items: unknown[] }>(['-n', namespace, 'persistentvolumeclaims']);
      expect(items).toHaveLength(3);
    } finally {
      copy.remove();
    }
  },
};
