import { describe, expect, test } from '@jest/globals';
import type { Json, JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { cluster, planned } from '../../support/objects.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const role = (name: string): JsonMap => ({ apiVersion: RBAC, kind: 'ClusterRole', metadata: { name } });
const binding = (name: string, ...subjects: Json[]): JsonMap => ({
  apiVersion: RBAC,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  subjects,
});
const priority = (name: string): JsonMap => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
});
const account = (namespace?: string): JsonMap => ({
  kind: 'ServiceAccount',
  name: 'es',
  ...(namespace === undefined ? {} : { namespace }),
});
const messages = (...others: JsonMap[]): string[] => planned({ others }).messages;

describe('What is there for the whole cluster', () => {
  test('is taken where its name ends in the namespace, and it binds accounts from there, or people', () => {
    const people = { kind: 'Group', name: 'operators' };
    expect(messages(role('x.n'), priority('x.n'), binding('x.n', account(), account('n'), people))).toEqual([]);
  });

  test.each([role('x'), role('n'), role('x.m'), role('x-n'), role('x.n.m'), binding('x.m'), priority('x.reviews')])(
    'is refused where its name ends otherwise: %j',
    (object) => {
      const { edits, results } = planned({ others: [object] });
      expect(edits).toEqual([]);
      expect(results).toEqual([
        expect.objectContaining({
          severity: 'error',
          message: expect.stringMatching(
            /^`metadata.name` must end in \.n, .* or apply it apart from the overlay, found/,
          ),
          resourceRef: expect.objectContaining({ kind: object.kind }),
        }),
      ]);
    },
  );

  test('is refused where a binding gives rights to an account of another namespace', () => {
    expect(messages(binding('x.n', account('n'), account('reviews')))).toEqual([
      '`subjects[1].namespace` must be n, as the binding\'s name says, found "reviews"',
    ]);
  });

  test('may be of any namespace that has a StatefulSet of this list, but each binding of one alone', () => {
    const other = { ...cluster.set, metadata: { name: 'other', namespace: 'm' } };
    expect(messages(other, role('x.m'), binding('x.m', account('m')), role('x.n'))).toEqual([]);
    expect(messages(other, binding('x.m', account('n')))).toHaveLength(1);
    // The namespace of anything else says nothing.
    expect(messages({ ...other, kind: 'Deployment' }, role('x.m'))).toHaveLength(1);
  });

  test('is not judged where no namespace is known, or where it is never deployed', () => {
    const nowhere = { set: [[['metadata', 'namespace'], undefined] as [string[], undefined]] };
    const same = { map: [[['metadata', 'namespace'], undefined] as [string[], undefined]] };
    expect(planned({ ...nowhere, ...same, others: [role('x')] }).messages.join()).not.toContain('end in');
    const annotations = { 'config.kubernetes.io/local-config': 'true' };
    expect(messages({ ...role('x'), metadata: { name: 'x', annotations } })).toEqual([]);
  });

  test('has no other form that would be stumbled over', () => {
    expect(messages({ ...binding('x.n'), subjects: 'all' }, binding('x.n', null))).toEqual([]);
    expect(messages({ ...role('x'), metadata: null })).toHaveLength(1);
  });
});
