import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { planned } from '../../support/objects.ts';

const messages = (replicas: number, spec: JsonMap = {}): string[] =>
  planned({ set: [[['spec', 'replicas'], replicas]], spec }).messages;

describe('A number of nodes over zones', () => {
  test.each([0, 3, 5, 6, 7, 8, 9, 10, 11])(
    'of %d over three survives each zone, or has nothing to lose',
    (replicas) => {
      expect(messages(replicas)).toEqual([]);
    },
  );

  test('that can lose its quorum with a zone is an error, with the way out', () => {
    expect(messages(4)).toEqual([
      '`spec.replicas` must survive the loss of one of 3 zones, and 4 can lose its quorum: use 5, or say in the ' +
        "function's config acceptedLosses: [Quorum], or zoneSpread: BestEffort, found 4",
    ]);
  });

  test('that can lose the last copy as well says so', () => {
    expect(messages(1)).toEqual([
      '`spec.replicas` must survive the loss of one of 3 zones, and 1 can lose its quorum and the last copy of its ' +
        "data: use 3, or say in the function's config acceptedLosses: [Quorum, LastCopy], or zoneSpread: " +
        'BestEffort, found 1',
    ]);
  });

  test.each([3, 5, 9])('of %d over two zones never survives', (replicas) => {
    expect(messages(replicas, { zones: ['a', 'b'] })[0]).toContain('name three zones in spec.zones');
  });

  test('is accepted by name, each loss by its own', () => {
    const one = { zones: ['a'] };
    expect(messages(4, { acceptedLosses: ['Quorum'] })).toEqual([]);
    expect(messages(2, { acceptedLosses: ['Quorum'] })).toEqual([]);
    expect(messages(3, { ...one, acceptedLosses: ['Quorum'] })[0]).toContain('can lose the last copy of its data');
    expect(messages(3, { ...one, acceptedLosses: ['LastCopy'] })[0]).toContain('can lose its quorum:');
    expect(messages(3, { ...one, acceptedLosses: ['LastCopy', 'Quorum'] })).toEqual([]);
  });

  test('is refused before anything is edited', () => {
    expect(planned({ set: [[['spec', 'replicas'], 4]] }).edits).toEqual([]);
  });

  test('promises nothing where the spread over zones does not', () => {
    expect(messages(4, { spread: 'BestEffort' })).toEqual([]);
    expect(messages(4, { zoneSpread: 'BestEffort' })).toEqual([]);
    expect(messages(4, { hostSpread: 'BestEffort' })).toHaveLength(1);
  });

  test('of two is lost with either node, however they are spread: a warning', () => {
    expect(messages(2, { spread: 'BestEffort' })).toEqual([
      '`spec.replicas` should not be 2: two nodes have no quorum when either is lost; use 3',
    ]);
  });

  test('that is even only wastes a vote, which is worth a note', () => {
    expect(planned({ set: [[['spec', 'replicas'], 6]] }).results).toContainEqual(
      expect.objectContaining({
        severity: 'info',
        field: { path: 'spec.replicas', currentValue: 6, proposedValue: 7 },
      }),
    );
  });
});
