import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { type Change, cluster, planned } from '../../support/objects.ts';

const renamed = (name: string, was: string, namespace?: string): Change[] => [
  [['metadata', 'name'], name],
  [
    ['metadata', 'annotations'],
    {
      'internal.config.kubernetes.io/previousNames': was,
      ...(namespace === undefined ? {} : { 'internal.config.kubernetes.io/previousNamespaces': namespace }),
    },
  ],
];

describe('The StatefulSet', () => {
  test('is the one with the label, or the one that is named', () => {
    const unlabelled: Change = [['metadata', 'labels'], null];
    expect(planned({ set: [unlabelled] }).messages[0]).toContain(
      'by the label app.kubernetes.io/name: elasticsearch, found nothing',
    );
    expect(planned({ set: [unlabelled], spec: { statefulSet: { name: 'es' } } }).messages).toEqual([]);
    expect(planned({ spec: { statefulSet: { name: 'es', namespace: 'n' } } }).messages).toEqual([]);
    expect(planned({ spec: { statefulSet: { name: 'es', namespace: 'm' } } }).messages[0]).toContain(
      'by the name m/es, found nothing',
    );
  });

  test('is found by the namespace that it had', () => {
    const set = renamed('es', 'es', 'default');
    expect(planned({ set, spec: { statefulSet: { name: 'es', namespace: 'default' } } }).messages).toEqual([]);
  });

  test('must be the only one, local configuration aside', () => {
    const twin = { ...cluster.set, metadata: { ...(cluster.set.metadata as JsonMap), name: 'b' } };
    expect(planned({ others: [twin] }).messages[0]).toContain('found ["n/b","n/es"]');
    const local = {
      ...twin,
      metadata: { ...twin.metadata, annotations: { 'config.kubernetes.io/local-config': 'true' } },
    };
    expect(planned({ others: [local] }).messages).toEqual([]);
  });

  test('of another API is none', () => {
    expect(planned({ set: [[['apiVersion'], 'apps/v1beta1']] }).messages[0]).toContain('found nothing');
  });
});
