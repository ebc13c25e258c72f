import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, POD, planned } from '../../support/objects.ts';

describe('Variables of the init container', () => {
  const plannedWith = (entries: JsonMap[], spec: JsonMap = {}, stamp = '') =>
    planned({
      set: [
        [[...POD, 'initContainers', 0, 'env'], entries],
        [['metadata', 'annotations'], { 'delivery-reviews.dev/topology': stamp }],
      ],
      spec,
    });
  const env = (...args: Parameters<typeof plannedWith>): unknown =>
    at(plannedWith(...args).set, ...POD, 'initContainers', 0, 'env');
  const earlier = 'replicas=3 heap=1m spread=Strict zones=a,b,c';
  const heap = { name: 'HEAP_SIZE', value: '1024m' };
  const zones = { name: 'AWARENESS_ZONES', value: 'a,b,c' };

  test('that an earlier run has written are set where they stand', () => {
    expect(
      env(
        [
          { name: 'HEAP_SIZE', value: '1m' },
          { name: 'X', value: '1' },
        ],
        {},
        earlier,
      ),
    ).toEqual([heap, { name: 'X', value: '1' }]);
  });

  test.each<[string, JsonMap, string]>([
    ['a heap', { name: 'HEAP_SIZE', value: '3g' }, 'spec.heap'],
    ['a heap from elsewhere', { name: 'HEAP_SIZE', valueFrom: { fieldRef: { fieldPath: 'x' } } }, 'spec.heap'],
    ['zones', { name: 'AWARENESS_ZONES', value: 'a,b' }, 'spec.zones'],
  ])('that somebody has set to %s are refused, with the field that says it', (_what, entry, field) => {
    for (const stamp of ['', earlier]) {
      const { messages, edits } = plannedWith([entry], {}, stamp);
      expect(messages).toEqual([
        expect.stringMatching(
          /initContainers\[0\]\.env\[0\]` must be left out: say spec\.\w+ in the function's config/,
        ),
      ]);
      expect(messages[0]).toContain(field);
      expect(edits).toEqual([]);
    }
  });

  test('may say what they would be', () => {
    expect(plannedWith([heap, zones], { zones: ['a', 'b', 'c'] }).messages).toEqual([]);
  });

  test('come at the end where they are missing', () => {
    expect(env([{ name: 'X' }], { zones: ['a', 'b', 'c'] })).toEqual([{ name: 'X' }, heap, zones]);
  });

  test('that are not wanted go, also when nothing else is there', () => {
    expect(env([zones, { name: 'X' }, zones], {}, earlier)).toEqual([{ name: 'X' }, heap]);
    expect(env([zones], {}, earlier)).toEqual([heap]);
    expect(env([zones, heap], {}, earlier)).toEqual([heap]);
  });

  test('of one name several times all say the same, or the next run would take an old one for somebody’s', () => {
    expect(
      env(
        [
          { name: 'HEAP_SIZE', value: '1m' },
          { name: 'HEAP_SIZE', value: '1m' },
        ],
        {},
        earlier,
      ),
    ).toEqual([heap, heap]);
  });
});

describe('Flags of the JVM in the environment', () => {
  const messages = (value: string): string[] =>
    planned({ set: [[[...POD, 'containers', 0, 'env'], [{ name: 'ES_JAVA_OPTS', value }]]] }).messages;

  test.each(['-Xms4g -Xmx4g', '-Dx=1 -Xmx4g', '-XX:MaxRAMPercentage=50', '-XX:MaxHeapSize=4g'])(
    'that size the heap are refused: %s',
    (value) => {
      expect(messages(value)).toEqual([
        "`spec.template.spec.containers[0].env[0].value` must not size the heap: spec.heap of the function's config " +
          `does, found ${JSON.stringify(value)}`,
      ]);
    },
  );

  test.each(['-Xmn1g', '-XX:+UseZGC -Des.x=-1', ''])('that do not are left alone: %s', (value) => {
    expect(messages(value)).toEqual([]);
  });
});
