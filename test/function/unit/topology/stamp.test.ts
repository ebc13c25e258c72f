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

  test('says what a later run must know to tell its own values', () => {
    const stamp = (spec: JsonMap): unknown =>
      at(planned({ spec }).set, 'metadata', 'annotations', 'delivery-reviews.dev/topology');
    expect(stamp({ spread: 'BestEffort', hostSpread: 'Strict' })).toBe(
      'replicas=3 heap=1024m spread=BestEffort/Strict',
    );
    expect(stamp({ zones: ['a', 'b', 'c'], heap: '512Mi' })).toBe('replicas=3 heap=512m spread=Strict zones=a,b,c');
  });
});
