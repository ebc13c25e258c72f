// Who else uses what is cluster-wide, found out from the objects of the cluster.
import { describe, expect, test } from '@jest/globals';
import { usageOf } from '../../scripts/lib/check/users-of.ts';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { binding, one, priority, role } from './support/manifests.ts';

const usersOf = (
  live: KubernetesObject,
  objects: readonly KubernetesObject[],
  there: readonly KubernetesObject[],
  namespace = 'reviews',
): readonly string[] => usageOf(live)?.users(live, { namespace, objects }, there) ?? ['nobody can tell'];

describe('who uses a cluster-wide object', () => {
  const own = binding('lookup.reviews', 'reviews');

  test("a ClusterRole: bindings that are not the overlay's own", () => {
    const roleBinding = (namespace: string): KubernetesObject =>
      one(
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: x, namespace: ' +
          `${namespace}}, roleRef: {kind: ClusterRole, name: lookup.reviews}}`,
      );
    const sameName = one(
      '{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: y, namespace: other}, ' +
        'roleRef: {kind: Role, name: lookup.reviews}}',
    );
    const there = [own, binding('other', 'other'), roleBinding('other'), roleBinding('reviews'), sameName];
    expect(usersOf(role('lookup.reviews'), [own], there)).toEqual(['ClusterRoleBinding other', 'RoleBinding other/x']);
  });

  test('a ClusterRoleBinding: subjects of other namespaces, and people that the overlay does not name', () => {
    const group = ', {kind: Group, apiGroup: rbac.authorization.k8s.io, name: operators}';
    expect(usersOf(own, [own], [])).toEqual([]);
    expect(usersOf(binding('lookup.reviews', 'staging', group), [own], [])).toEqual([
      'ServiceAccount staging/elasticsearch',
      'Group operators',
    ]);
    expect(
      usersOf(binding('lookup.reviews', 'reviews', group), [binding('lookup.reviews', 'reviews', group)], []),
    ).toEqual([]);
  });

  test('a PriorityClass: pods and owners of other namespaces, at any depth, and everybody if it is the default', () => {
    const template = '{spec: {priorityClassName: p.reviews, containers: []}}';
    const there = [
      ...['other', 'reviews'].flatMap((namespace) => [
        one(
          '{apiVersion: v1, kind: Pod, metadata: {name: pod, namespace: ' +
            `${namespace}}, spec: {priorityClassName: p.reviews}}`,
        ),
        one(
          '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: set, ' +
            `namespace: ${namespace}}, spec: {template: ${template}}}`,
        ),
        one(
          `{apiVersion: batch/v1, kind: CronJob, metadata: {name: cron, namespace: ${namespace}}, spec: ` +
            `{jobTemplate: {spec: {template: ${template}}}}}`,
        ),
      ]),
      one('{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: other}, spec: {priorityClassName: another}}'),
    ];
    expect(usersOf(priority('p.reviews'), [], there)).toEqual([
      'Pod other/pod',
      'StatefulSet other/set',
      'CronJob other/cron',
    ]);
    expect(usersOf(priority('p.reviews', ', globalDefault: true'), [], [])).toHaveLength(1);
  });

  test("a StorageClass: claims of other namespaces, and volumes that are not this one's", () => {
    const live = one('{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: s.reviews}}');
    const volume = (name: string, claim: string): KubernetesObject =>
      one(
        `{apiVersion: v1, kind: PersistentVolume, metadata: {name: ${name}}, ` +
          `spec: {storageClassName: s.reviews${claim}}}`,
      );
    const claim = (namespace: string): KubernetesObject =>
      one(
        `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: ${namespace}}, spec: ` +
          '{storageClassName: s.reviews}}',
      );
    const there = [
      claim('reviews'),
      claim('other'),
      volume('a', ', claimRef: {namespace: reviews}'),
      volume('b', ', claimRef: {namespace: other}'),
      volume('c', ''),
    ];
    expect(usersOf(live, [], there)).toEqual([
      'PersistentVolumeClaim other/c',
      'PersistentVolume b',
      'PersistentVolume c',
    ]);
  });

  test('a kind of the same name in another group is not known', () => {
    expect(usageOf(one('{apiVersion: example.com/v1, kind: ClusterRole, metadata: {name: x}}'))).toBeUndefined();
  });
});
