import { describe, expect, test } from '@jest/globals';
import { nearest } from '../../../../functions/elasticsearch-topology/src/topology/schema-check.ts';

describe('The nearest word', () => {
  test('is the one with the fewest letters changed, and none where all are far', () => {
    expect(nearest('spred', ['zones', 'spread'])).toBe('spread');
    expect(nearest('somethingelse', ['zones', 'spread'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });
});
