import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, planned } from '../../support/objects.ts';

describe('The stamp', () => {
  test('proves that the function ran, and stands beside the annotations of others', () => {
    const annotations = (before: JsonMap | null | undefined): unknown =>
      at(
        planned({ set: before === undefined ? [] : [[['metadata', 'annotations'], before]] }).set,
        'metadata',
        'annotations',
      );
    const stamp = { 'delivery-reviews.dev/topology': 'replicas=3 heap=1024m spread=Strict' };
    expect(annotations(undefined)).toEqual(stamp);
    expect(annotations(null)).toEqual(stamp);
    expect(annotations({ a: 'b', 'delivery-reviews.dev/topology': 'old' })).toEqual({ a: 'b', ...stamp });
  });
});
