import { describe, expect, test } from '@jest/globals';
import { at, type Change, POD, planned } from '../../support/objects.ts';

describe('A StatefulSet', () => {
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

  test.each(['prefixes', 'suffixes'])('with one of kustomize’s %s is an error', (which) => {
    const set: Change[] = [[['metadata', 'annotations'], { [`internal.config.kubernetes.io/${which}`]: 'team-' }]];
    const { messages, edits } = planned({ set });
    expect(messages).toEqual([
      '`metadata.name` must have no prefix or suffix, as team-: rights, certificates and other programs name it. ' +
        'Another namespace keeps clusters apart, found "es"',
    ]);
    expect(edits).toEqual([]);
  });

  test('may have containers of other names where the config says so', () => {
    const set: Change[] = [
      [[...POD, 'containers', 0, 'name'], 'search'],
      [[...POD, 'initContainers', 0, 'name'], 'setup'],
    ];
    expect(planned({ set, spec: { container: 'search', prepareContainer: 'setup' } }).messages).toEqual([]);
  });

  test('whose heap is read by another container than the config says is an error, not a size that nobody reads', () => {
    const container = (name: string, value: string) => ({ name, env: [{ name: 'HEAP_SIZE', value }] });
    const set: Change[] = [
      [
        [...POD, 'initContainers'],
        [container('agent', '1024m'), container('prepare', '1024m')],
      ],
    ];
    const { messages, edits } = planned({ set, spec: { prepareContainer: 'prepare' } });
    expect(messages).toEqual([
      '`spec.template.spec.initContainers[0].env[0].name` must not be HEAP_SIZE, which goes to "prepare": ' +
        'if "agent" reads it, say so in spec.prepareContainer, found "HEAP_SIZE"',
    ]);
    expect(edits).toEqual([]);
    // The other container is named where two have it.
    expect(planned({ set }).messages).toHaveLength(1);
    const main: Change[] = [[[...POD, 'containers', 0, 'env'], [{ name: 'AWARENESS_ZONES', value: 'a' }]]];
    expect(planned({ set: main }).messages).toHaveLength(1);
  });

  test('whose config names no reader has it where HEAP_SIZE stands, empty or not', () => {
    const set: Change[] = [
      [
        [...POD, 'initContainers'],
        [{ name: 'prepare' }, { name: 'agent', env: [{ name: 'HEAP_SIZE', value: '' }] }],
      ],
    ];
    const { set: made, messages } = planned({ set });
    expect(messages).toEqual([]);
    expect(at(made, ...POD, 'initContainers')).toEqual([
      { name: 'prepare' },
      { name: 'agent', env: [{ name: 'HEAP_SIZE', value: '1024m' }] },
    ]);
  });

  test('and its ConfigMap are named with the file that they came from', () => {
    const set: Change[] = [
      [['metadata', 'annotations'], { 'config.kubernetes.io/path': 'a.yaml', 'config.kubernetes.io/index': '2' }],
    ];
    expect(planned({ set }).results[0]).toMatchObject({ file: { path: 'a.yaml', index: 2 } });
    const inner: Change[] = [[['metadata', 'annotations'], { 'internal.config.kubernetes.io/path': 'b.yaml' }]];
    expect(planned({ set: inner }).results[0]).toMatchObject({ file: { path: 'b.yaml' } });
  });
});
