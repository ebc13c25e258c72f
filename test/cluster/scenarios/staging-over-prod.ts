// An overlay on prod, with a namespace of its own and, by mistake, prod's cluster-wide objects.
import { expect } from '@jest/globals';
import { checkout, stagingOfItsOwn, stagingOverProd } from '../../scripts/support/checkout.ts';
import { restartedSince } from '../harness/cluster.ts';
import { elasticsearchPods, k } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';

const shared = [
  'clusterrole/elasticsearch-zone-lookup.reviews',
  'clusterrolebinding/elasticsearch-zone-lookup.reviews',
  'priorityclass/elasticsearch.reviews',
];
const ids = (): Promise<string> => k(['get', ...shared, '-o', 'jsonpath={.items[*].metadata.uid}']);

const staging = 'reviews-staging';
const inStaging = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`overlays/staging/${name}`, text]));

export const stagingOverProdIsRefused: Scenario = {
  name: 'staging-over-prod',
  does:
    'an overlay that by mistake has the cluster-wide objects of prod is not deployed; applied all the same, it ' +
    'does not take them along when it is undeployed, ' +
    'and a pod of prod can be made again',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 6,
  async run({ namespace }) {
    const copy = checkout();
    const there = await ids();
    const before = await elasticsearchPods(namespace);
    try {
      copy.write(inStaging(stagingOverProd()));
      const deployed = await copy.command('deploy', 'staging');
      expect(deployed.stderr).toMatch(/ClusterRoleBinding \S+ gives rights to ServiceAccount reviews\/elasticsearch/);
      expect(deployed.stderr).toContain('nothing was applied');
      expect(await k(['get', 'namespace', staging, '--ignore-not-found'])).toBe('');

      // kubectl asks nobody.
      const rendered = await copy.command('render', 'staging');
      await k(['apply', '-f', '-'], { input: rendered.stdout, seconds: 120 });
      const undeployed = await copy.command('undeploy', 'staging');
      expect(undeployed.code).toBe(1);
      expect(undeployed.stderr).toMatch(
        /PriorityClass elasticsearch.reviews is used by others: .*reviews\/elasticsearch-0/,
      );
      expect(undeployed.stderr).toContain('nothing was removed');
      expect(await k(['-n', staging, 'get', 'statefulset', '-o', 'name'])).toBe('statefulset.apps/elasticsearch\n');
      expect(await ids()).toBe(there);

      copy.write(inStaging(stagingOfItsOwn()));
      expect(await copy.command('undeploy', 'staging')).toMatchObject({ code: 0 });
      expect(await k(['-n', staging, 'get', 'statefulset', '-o', 'name'])).toBe('');
      expect(await ids()).toBe(there);
      expect(restartedSince(before, await elasticsearchPods(namespace))).toEqual([]);
      // Without its PriorityClass the API server would refuse the pod.
      const { metadata, spec } = before[0]?.raw ?? {};
      const again = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'again', namespace, labels: metadata?.labels },
        spec: { ...spec, nodeName: undefined, priority: undefined },
      };
      await k(['create', '--dry-run=server', '-f', '-'], { input: JSON.stringify(again) });
    } finally {
      await k(['delete', 'namespace', staging, '--ignore-not-found', '--timeout=120s'], { seconds: 130 });
      copy.remove();
    }
  },
};
