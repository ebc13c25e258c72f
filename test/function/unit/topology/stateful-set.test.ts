import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, cluster, planned, POD, type Change } from '../../support/objects.ts';

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

  test.each<[Change, string]>([
    [[['metadata', 'name'], undefined], '`metadata.name` must be given: the pods are named after it, found nothing'],
    [
      [['spec', 'serviceName'], ''],
      '`spec.serviceName` must be given: the headless Service gives the pods their host names, found ""',
    ],
    [[['spec', 'selector'], null], '`spec.selector` must be given: pods of this selector are spread, found nothing'],
    [[['spec', 'replicas'], -1], '`spec.replicas` must be a whole number, 0 or more, found -1'],
    [[['spec', 'replicas'], 1.5], '`spec.replicas` must be a whole number, 0 or more, found 1.5'],
    [[['spec'], 'none'], '`spec` must be a map, found "none"'],
    [[[...POD, 'containers', 0, 'name'], 5], '`spec.template.spec.containers[0].name` must be a string, found 5'],
    [[[...POD, 'initContainers'], [null]], '`spec.template.spec.initContainers[0]` must be a map, found nothing'],
    [[[...POD, 'initContainers', 0, 'env'], {}], '`spec.template.spec.initContainers[0].env` must be a list, found {}'],
    [
      [[...POD, 'initContainers', 0, 'name'], 'x'],
      '`spec.template.spec.initContainers` must have one named "prepare", found "x"',
    ],
    [
      [[...POD, 'containers'], null],
      '`spec.template.spec.containers` must have one named "elasticsearch", found "none"',
    ],
    [[['spec', 'template'], null], '`spec.template.spec.containers` must have one named "elasticsearch", found "none"'],
  ])('with %j is an error', (change, message) => {
    const { messages, edits } = planned({ set: [change] });
    expect(messages).toContain(message);
    expect(edits).toEqual([]);
  });

  test('may have containers of other names where the config says so', () => {
    const set: Change[] = [
      [[...POD, 'containers', 0, 'name'], 'search'],
      [[...POD, 'initContainers', 0, 'name'], 'setup'],
    ];
    expect(planned({ set, spec: { container: 'search', prepareContainer: 'setup' } }).messages).toEqual([]);
  });

  test('and its ConfigMap are named with the file that they came from', () => {
    const set: Change[] = [
      [['metadata', 'annotations'], { 'config.kubernetes.io/path': 'a.yaml', 'config.kubernetes.io/index': '2' }],
    ];
    expect(planned({ set }).results[0]).toMatchObject({ file: { path: 'a.yaml', index: 2 } });
    const inner: Change[] = [[['metadata', 'annotations'], { 'internal.config.kubernetes.io/path': 'b.yaml' }]];
    expect(planned({ set: inner }).results[0]).toMatchObject({ file: { path: 'b.yaml' } });
  });

  test('gets the proof that the function ran, and keeps its other annotations', () => {
    const annotations = (before: JsonMap | null | undefined): unknown =>
      at(
        planned({ set: before === undefined ? [] : [[['metadata', 'annotations'], before]] }).set,
        'metadata',
        'annotations',
      );
    const proof = { 'delivery-reviews.dev/topology': 'replicas=3 heap=1024m spread=Strict' };
    expect(annotations(undefined)).toEqual(proof);
    expect(annotations(null)).toEqual(proof);
    expect(annotations({ a: 'b', 'delivery-reviews.dev/topology': 'old' })).toEqual({ a: 'b', ...proof });
  });
});
