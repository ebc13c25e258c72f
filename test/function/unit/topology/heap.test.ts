import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, type Change, POD, planned } from '../../support/objects.ts';

const env = (set: JsonMap): unknown => at(set, ...POD, 'initContainers', 0, 'env');
const memory = (limit: unknown, request?: unknown): Change[] => [
  [
    [...POD, 'containers', 0, 'resources'],
    {
      limits: { memory: limit as string },
      ...(request === undefined ? {} : { requests: { memory: request as string } }),
    },
  ],
];

describe('Heap', () => {
  test.each<[unknown, string]>([
    ['2Gi', '1024m'],
    ['1500M', '715m'],
    ['1.5Gi', '768m'],
    [3e9, '1430m'],
    ['256Mi', '128m'],
    ['257Mi', '128m'],
    ['52Gi', '26624m'],
    ['53Gi', '26624m'],
    ['1Ti', '26624m'],
  ])('of a limit of %p is %s', (limit, heap) => {
    expect(env(planned({ set: memory(limit) }).set)).toEqual([{ name: 'HEAP_SIZE', value: heap }]);
  });

  test.each<[string, unknown, unknown, string]>([
    ['too small', '255Mi', undefined, 'must be at least 256Mi: half of it is the heap, found "255Mi"'],
    ['negative', '-2Gi', undefined, 'must be at least 256Mi: half of it is the heap, found "-2Gi"'],
    ['no quantity', 'much', undefined, 'must be a quantity such as 2Gi: the heap is half of it, found "much"'],
    [
      'not what is requested',
      '2Gi',
      '1Gi',
      'must equal the limit "2Gi": memory that is not reserved can be missing when the heap needs it, found "1Gi"',
    ],
    [
      'not what is requested as no quantity',
      '2Gi',
      'x',
      'must equal the limit "2Gi": memory that is not reserved can be missing when the heap needs it, found "x"',
    ],
  ])('of a limit that is %s is an error', (_what, limit, request, message) => {
    const { messages, edits } = planned({ set: memory(limit, request) });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
    expect(edits).toEqual([]);
  });

  test.each([
    ['2Gi', '512Mi', '512m'],
    ['64Gi', '30Gi', '30720m'],
  ])('of a limit of %s may be what the config says: %s', (limit, heap, value) => {
    const spec = { heap };
    expect(env(planned({ set: memory(limit), spec }).set)).toEqual([{ name: 'HEAP_SIZE', value }]);
  });

  test('that the config wants larger than half of the limit is an error', () => {
    expect(planned({ set: memory('2Gi'), spec: { heap: '1025Mi' } }).messages).toEqual([
      '`spec.template.spec.containers[0].resources.limits.memory` must be at least 2050Mi: half of it is the heap, ' +
        'found "2Gi"',
    ]);
  });

  test('may have a request that says the same in another form', () => {
    expect(planned({ set: memory('2Gi', '2048Mi') }).messages).toEqual([]);
    expect(planned({ set: memory(3e9, '3G') }).messages).toEqual([]);
  });

  test('without resources, or with none of memory, is an error', () => {
    expect(planned({ set: [[[...POD, 'containers', 0, 'resources'], undefined]] }).messages[0]).toContain(
      'found nothing',
    );
    expect(planned({ set: [[[...POD, 'containers', 0, 'resources'], { limits: null }]] }).messages[0]).toContain(
      'found nothing',
    );
  });
});
