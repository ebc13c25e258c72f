// The cluster says something else about the data than the overlay: somebody changed the StatefulSet behind its back.
import { expect } from '@jest/globals';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { checkout } from '../../scripts/support/checkout.ts';
import { restartedSince } from '../harness/cluster.ts';
import { elasticsearchPods, getJson, k } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

const claims = async (namespace: string): Promise<IPersistentVolumeClaim[]> =>
  (await getJson<{ items: IPersistentVolumeClaim[] }>(['-n', namespace, 'persistentvolumeclaims'])).items;

/** Those of nodes that were scaled away before are there, too. */
const namesOf = async (namespace: string): Promise<(string | undefined)[]> =>
  (await claims(namespace)).map(({ metadata }) => metadata?.name);

const ownedClaims = async (namespace: string): Promise<number> =>
  (await claims(namespace)).filter(({ metadata }) => (metadata?.ownerReferences ?? []).length > 0).length;

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
  alerts: [{ alert: 'ElasticsearchDoesNotAnswer', perhaps: 'its pods go one by one when all is removed' }],
  async run({ namespace }) {
    const copy = checkout();
    const before = await elasticsearchPods(namespace);
    const held = await namesOf(namespace);
    expect(held.length).toBeGreaterThanOrEqual(3);
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
      expect(await namesOf(namespace)).toEqual(held);
    } finally {
      copy.remove();
    }
  },
};
