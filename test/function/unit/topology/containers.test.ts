import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, POD, planned } from '../../support/objects.ts';

describe('Variables of the init container', () => {
  const env = (entries: JsonMap[], spec: JsonMap = {}): unknown =>
    at(
      planned({ set: [[[...POD, 'initContainers', 0, 'env'], entries]], spec }).set,
      ...POD,
      'initContainers',
      0,
      'env',
    );
  const heap = { name: 'HEAP_SIZE', value: '1024m' };
  const zones = { name: 'AWARENESS_ZONES', value: 'a,b,c' };

  test('are set where they stand', () => {
    expect(
      env([
        { name: 'HEAP_SIZE', value: '1m' },
        { name: 'X', value: '1' },
      ]),
    ).toEqual([heap, { name: 'X', value: '1' }]);
  });

  test('lose where they came from', () => {
    expect(env([{ name: 'HEAP_SIZE', valueFrom: { fieldRef: { fieldPath: 'x' } } }])).toEqual([heap]);
  });

  test('come at the end where they are missing', () => {
    expect(env([{ name: 'X' }], { zones: ['a', 'b', 'c'] })).toEqual([{ name: 'X' }, heap, zones]);
  });

  test('that are not wanted go, also when nothing else is there', () => {
    expect(env([zones, { name: 'X' }, zones])).toEqual([{ name: 'X' }, heap]);
    expect(env([zones])).toEqual([heap]);
    expect(env([zones, heap])).toEqual([heap]);
  });

  test('of one name several times: the last counts, as in Kubernetes', () => {
    expect(
      env([
        { name: 'HEAP_SIZE', value: '1m' },
        { name: 'HEAP_SIZE', value: '2m' },
      ]),
    ).toEqual([{ name: 'HEAP_SIZE', value: '1m' }, heap]);
  });
});
