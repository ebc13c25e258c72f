// What undeploy may remove and deploy may change, decided on objects as the API server gives them.
import { describe, expect, test } from '@jest/globals';
import { applyFindings, removalPlan, type Seen, strangers } from '../../scripts/lib/check/belonging.ts';
import type { ScopeOf } from '../../scripts/lib/check/scope.ts';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { binding, inNamespace, priority, role } from './support/manifests.ts';

const clusterWide = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'PriorityClass',
  'StorageClass',
  'ClusterIssuer',
]);
const scopeOf: ScopeOf = ({ kind }) =>
  kind === 'Unserved' ? 'not served' : clusterWide.has(kind) ? 'cluster-wide' : 'namespaced';

const unused = (rendered: KubernetesObject): Seen => ({ rendered, live: rendered, users: [] });
const plan = (objects: readonly KubernetesObject[], seen: readonly Seen[], namespace = 'reviews') =>
  removalPlan(objects, namespace, scopeOf, seen);

describe('undeploy', () => {
  test('removes what its namespace has, and cluster-wide objects named after it that nobody else uses', () => {
    const objects = [
      inNamespace('Namespace', 'reviews'),
      inNamespace('Service', 'a', 'reviews'),
      role('lookup.reviews'),
    ];
    expect(
      plan(
        objects,
        [unused(role('lookup.reviews'))].map((seen) => ({ ...seen, rendered: objects[2] as KubernetesObject })),
      ),
    ).toEqual({ remove: objects, left: [], refusals: [] });
  });

  test.each([
    [
      'named after another environment',
      role('lookup.reviews'),
      [],
      /ClusterRole lookup.reviews .* does not end in \.staging/,
    ],
    ['whose name only ends like the namespace', role('lookup-staging'), [], /does not end in \.staging/],
    ['that others use', role('lookup.staging'), ['RoleBinding other/x'], /used by others: RoleBinding other\/x/],
    [
      'whose users are not known',
      role('lookup.staging'),
      { unknown: 'forbidden' },
      /who uses it can't be found out: forbidden/,
    ],
  ])('refuses an object %s', (_, rendered, users, message) => {
    const service = inNamespace('Service', 'a', 'staging');
    const { refusals } = plan([service, rendered], [{ rendered, live: rendered, users }], 'staging');
    expect(refusals).toEqual([expect.stringMatching(message)]);
  });

  test('does not mind an object that the cluster does not have, but one that was not looked at', () => {
    const rendered = role('lookup.prod');
    expect(plan([rendered], [{ rendered, live: undefined, users: [] }])).toEqual({
      remove: [],
      left: [],
      refusals: [],
    });
    expect(plan([rendered], []).refusals).toHaveLength(1);
  });

  test('leaves what is in another namespace, another Namespace, what the API server does not know, and says so', () => {
    const objects = [
      inNamespace('ConfigMap', 'a', 'monitoring'),
      inNamespace('Namespace', 'prod'),
      inNamespace('Unserved', 'x', 'reviews'),
    ];
    const { remove, left, refusals } = plan(objects, []);
    expect([remove, refusals]).toEqual([[], []]);
    expect(left).toEqual([
      expect.stringContaining('ConfigMap monitoring/a'),
      expect.stringContaining('Namespace prod'),
      expect.stringContaining('Unserved reviews/x'),
    ]);
  });

  test('refuses an object without a namespace, which kubectl would look for in that of its context', () => {
    expect(plan([inNamespace('ConfigMap', 'a')], []).refusals).toHaveLength(1);
  });

  test('finds what else would go with the namespace', () => {
    const claims = [
      inNamespace('PersistentVolumeClaim', 'data-elasticsearch-0', 'dev'),
      inNamespace('PersistentVolumeClaim', 'theirs', 'dev'),
    ];
    const owned = {
      ...inNamespace('Job', 'made', 'dev'),
      metadata: { name: 'made', namespace: 'dev', ownerReferences: [{ kind: 'CronJob', name: 'x' }] },
    };
    const ownedClaim = {
      ...inNamespace('PersistentVolumeClaim', 'database', 'dev'),
      metadata: { name: 'database', namespace: 'dev', ownerReferences: [{ kind: 'Database', name: 'x' }] },
    };
    const labels = { 'app.kubernetes.io/part-of': 'delivery-reviews' };
    const ofAnotherOverlay = (kind: string, name: string) => ({
      ...inNamespace(kind, name, 'dev'),
      metadata: { name, namespace: 'dev', labels },
    });
    expect(
      strangers(
        [
          ...claims,
          owned,
          ownedClaim,
          ofAnotherOverlay('PersistentVolumeClaim', 'archive'),
          ofAnotherOverlay('Deployment', 'earlier'),
          inNamespace('Deployment', 'kibana', 'dev'),
          inNamespace('Deployment', 'app', 'dev'),
        ],
        [inNamespace('Deployment', 'kibana', 'dev')],
        ['data-elasticsearch-0'],
      ),
    ).toEqual([
      'PersistentVolumeClaim dev/theirs',
      'PersistentVolumeClaim dev/database',
      'PersistentVolumeClaim dev/archive',
      'Deployment dev/app',
    ]);
  });
});

describe('deploy', () => {
  const found = (seen: Seen, namespaces: readonly string[] = []): string[] =>
    applyFindings([seen], 'staging', new Set(namespaces)).map(({ level, message }) => `${level}: ${message}`);

  test('refuses to take rights from an account of another namespace', () => {
    const seen: Seen = { rendered: binding('lookup.x', 'staging'), live: binding('lookup.x', 'reviews'), users: [] };
    expect(found(seen)).toEqual([
      expect.stringMatching(
        /^error: .* gives rights to ServiceAccount reviews\/elasticsearch, which a deploy would take away/,
      ),
    ]);
  });

  test('takes back what is named after its own namespace, with a warning', () => {
    const seen: Seen = {
      rendered: binding('lookup.staging', 'staging'),
      live: binding('lookup.staging', 'reviews'),
      users: ['ServiceAccount reviews/elasticsearch'],
    };
    expect(found(seen)).toEqual([
      expect.stringMatching(/^warning: .* gives rights to ServiceAccount reviews\/elasticsearch/),
    ]);
  });

  test('refuses what is named after another namespace of the cluster, there or not', () => {
    expect(found({ ...unused(priority('elasticsearch.reviews')), live: undefined }, ['reviews'])).toEqual([
      expect.stringMatching(/^error: PriorityClass elasticsearch.reviews belongs to namespace reviews/),
    ]);
    expect(found(unused(priority('elasticsearch.reviews')))).toEqual([
      expect.stringMatching(/^warning: .* does not end in \.staging: .* undeploy would refuse/),
    ]);
    expect(found(unused(priority('elasticsearch.staging')))).toEqual([expect.stringMatching(/^ok/)]);
  });

  test('warns where others use it, or where that is not known', () => {
    expect(applyFindings([], 'staging', new Set())).toEqual([]);
    expect(found({ ...unused(priority('fast.staging')), users: ['Pod other/x'] })).toEqual([
      expect.stringMatching(/^warning: .* also used by Pod other\/x/),
    ]);
    expect(found({ ...unused(priority('fast.staging')), users: { unknown: 'forbidden' } })).toEqual([
      expect.stringMatching(/^warning: .* forbidden/),
    ]);
  });
});
