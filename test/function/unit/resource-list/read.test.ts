import { describe, expect, test } from '@jest/globals';
import { cutList } from '../../../../functions/elasticsearch-topology/src/resource-list/by-item.ts';
import {
  BadInput,
  type ItemEdit,
  NeedsWholeText,
  type Resource,
  type ResourceList,
} from '../../../../functions/elasticsearch-topology/src/resource-list/list.ts';
import { withResourceList } from '../../../../functions/elasticsearch-topology/src/resource-list/read.ts';
import { wholeList } from '../../../../functions/elasticsearch-topology/src/resource-list/whole.ts';
import { examples } from '../../support/examples.ts';
import { bytes, HEAD, written } from '../../support/texts.ts';

describe('A list in block style', () => {
  test('whose items share anchors is read as a whole', () => {
    const given = `${HEAD}items:\n- &a {kind: A}\n- *a\n`;
    expect(() => cutList(bytes(given))?.object(0)).toThrow(NeedsWholeText);
    expect(withResourceList(bytes(given), (list) => list.object(1))).toEqual({ kind: 'A' });
  });

  test('of which an item is two is read as a whole, and refused there', () => {
    expect(() => withResourceList(bytes(`${HEAD}items:\n- a: 1\n x\n`), (list) => list.object(0))).toThrow(BadInput);
  });

  test('that holds results of another function gets the new ones behind them', () => {
    const given = `${HEAD}items:\n- a: 1\nresults:\n- message: old\n`;
    const add = (list: ResourceList): string => written(list, [], [{ message: 'old' }, { message: 'new' }]);
    expect(withResourceList(bytes(given), add)).toBe(`${given}- message: new\n`);
    expect(withResourceList(bytes(given), (list) => written(list, [], [{ message: 'old' }]))).toBe(given);
  });

  test('stops what is wrong with the work, not with the list', () => {
    expect(() =>
      withResourceList(bytes(`${HEAD}items:\n- a: 1\n`), () => {
        throw new RangeError('x');
      }),
    ).toThrow(RangeError);
  });
});

describe('A list read as a whole', () => {
  test('gives for every example what the list cut into items gives', () => {
    const edits = ({ item }: Resource): ItemEdit[] => [
      { item, path: ['spec', 'replicas'], value: 9 },
      { item, path: ['metadata', 'new'], value: { a: ['b'] } },
    ];
    const compared = examples().filter(({ name, input }) => {
      if (/not-|alias/.test(name) || cutList(input) === undefined) return false;
      const set = wholeList(input)
        .find('StatefulSet', 'StatefulSet')
        .find(({ object }) => (object as { kind?: unknown }).kind === 'StatefulSet');
      const changes = set === undefined ? [] : edits(set);
      const whole = written(wholeList(input), changes, []);
      expect(withResourceList(input, (list) => written(list, changes, []))).toBe(whole);
      return true;
    });
    expect(compared.length).toBeGreaterThan(20);
  });
});
