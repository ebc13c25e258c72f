import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { planned } from '../../support/objects.ts';

describe('The quorum', () => {
  const warnings = (replicas: number, spec: JsonMap = {}): string[] =>
    planned({ set: [[['spec', 'replicas'], replicas]], spec }).messages;

  test.each([0, 1, 3, 5, 6, 7, 8, 9, 10, 11])(
    'of %d nodes over three zones outlives each zone, or there is nothing to outlive',
    (replicas) => {
      expect(warnings(replicas)).toEqual([]);
    },
  );

  test('of four nodes over three zones does not', () => {
    expect(warnings(4)).toEqual([
      '`spec.replicas` should not be 4 over 3 zones: losing one zone can lose the quorum; use 5',
    ]);
  });

  test.each([3, 5, 9])('of %d nodes over two zones never does', (replicas) => {
    expect(warnings(replicas, { zones: ['a', 'b'] })[0]).toContain('use three zones');
  });

  test('of two nodes is lost with either, however they are spread', () => {
    expect(warnings(2, { spread: 'BestEffort' })).toEqual([
      '`spec.replicas` should not be 2: two nodes have no quorum when either is lost; use 3',
    ]);
  });

  test('is not promised where the spread is not', () => {
    expect(warnings(4, { spread: 'BestEffort' })).toEqual([]);
  });

  test('of an even number is as large as that of one less, which is worth a note', () => {
    expect(planned({ set: [[['spec', 'replicas'], 6]] }).results).toContainEqual(
      expect.objectContaining({
        severity: 'info',
        field: { path: 'spec.replicas', currentValue: 6, proposedValue: 7 },
      }),
    );
  });
});
