import { describe, expect, test } from '@jest/globals';
import { conflictsOf, contestedLines, isEarlierApply } from '../../scripts/lib/cluster/conflicts.ts';
import { withoutLastApplied } from '../../scripts/lib/cluster/last-applied.ts';

const object = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'elasticsearch', namespace: 'reviews' },
};
const advice =
  '\n' +
  'Please review the fields above--they currently have other managers. Here\n' +
  'are the ways you can resolve this warning:\n' +
  '* If you intend to manage all of these fields';

const one =
  'error: Apply failed with 1 conflict: conflict with "kubectl" with ' +
  `subresource "scale" using apps/v1: .spec.replicas${advice}`;
const several = `error: Apply failed with 3 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:
- .spec.volumeClaimTemplates
- .spec.template.spec.containers[name="a: b"].env[name="X"].valueFrom.fieldRef
conflicts with "kubectl-edit" using apps/v1 at 2026-11-25T15:48:24Z:
- .spec.replicas${advice}`;

describe('conflicts', () => {
  test('one, with its subresource', () => {
    expect(conflictsOf(one)).toEqual([{ manager: 'kubectl', subresource: 'scale', field: '.spec.replicas' }]);
    expect(contestedLines({ object, conflicts: conflictsOf(one) })).toEqual([
      'StatefulSet reviews/elasticsearch: .spec.replicas, set by kubectl scale',
    ]);
  });

  test('several, of two', () => {
    const conflicts = conflictsOf(several);
    expect(conflicts).toHaveLength(3);
    expect(contestedLines({ object, conflicts })).toEqual([
      'StatefulSet reviews/elasticsearch: .spec.volumeClaimTemplates, .spec.template.spec.' +
        'containers[name="a: b"].env[name="X"].valueFrom.fieldRef, set by kubectl apply',
      'StatefulSet reviews/elasticsearch: .spec.replicas, set by kubectl edit',
    ]);
    expect(isEarlierApply({ object, conflicts })).toBe(false);
    expect(isEarlierApply({ object, conflicts: conflicts?.slice(0, 2) })).toBe(true);
  });

  test('an autoscaler is not called kubectl', () => {
    const conflicts = [{ manager: 'kube-controller-manager', subresource: 'scale', field: '.spec.replicas' }];
    expect(contestedLines({ object, conflicts })[0]).toMatch(/set by "kube-controller-manager", as autoscalers do$/);
  });

  test("a message that is not understood whole is nobody's earlier apply", () => {
    const conflicts = conflictsOf(several.replace('- .spec.replicas', '* .spec.replicas'));
    expect(conflicts).toBeUndefined();
    expect(isEarlierApply({ object, conflicts })).toBe(false);
  });
});

describe('a difference without the annotation of client-side apply', () => {
  const head = 'diff -u -N /tmp/a /tmp/b\n--- /tmp/a\n+++ /tmp/b\n';
  const annotation =
    '@@ -3,9 +3,9 @@\n metadata:\n   annotations:\n' +
    '     kubectl.kubernetes.io/last-applied-configuration: |\n' +
    '-      {"apiVersion":"v1","metadata":{"annotations":{}}}\n' +
    '+      {"apiVersion":"v1","metadata":{}}\n-  generation: 2\n' +
    '+  generation: 3\n';
  const real = '@@ -30,3 +30,3 @@\n spec:\n-  replicas: 2\n+  replicas: 3\n';
  const field = '@@ -30,3 +30,3 @@\n spec:\n+                  apiVersion: v1\n';

  test('is empty where that is all', () => {
    expect(withoutLastApplied(head + annotation + head + annotation)).toBe('');
  });

  test('keeps every other change, whole', () => {
    expect(withoutLastApplied(head + annotation + real)).toBe(head + real);
    expect(withoutLastApplied(head + field)).toBe(head + field);
    const both = annotation + ' spec:\n-  replicas: 2\n+  replicas: 3\n';
    expect(withoutLastApplied(head + both)).toBe(head + both);
    expect(withoutLastApplied('warning: unknown\n' + head + real)).toBe('warning: unknown\n' + head + real);
  });
});
