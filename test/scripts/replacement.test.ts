// What `make replace-node` reads from the cluster's answers.
import { describe, expect, test } from '@jest/globals';
import {
  begins,
  copiesIn,
  couldMove,
  ends,
  NOTE,
  onlyOn,
  replacingIn,
  withoutOurs,
} from '../../scripts/lib/check/replacement.ts';
import { settingsSaid } from '../../scripts/lib/check/upgrade/leftovers.ts';

const node = 'elasticsearch-1';
const lines = (...wanted: readonly string[]) =>
  copiesIn(
    wanted.map((line) => {
      const [index, state, ...rest] = line.split(' ');
      return { index, shard: '0', state, node: rest.length === 0 ? null : rest.join(' ') };
    }),
  );

describe('copies', () => {
  test('that nobody else has in use are named', () => {
    const copies = lines(
      'a STARTED elasticsearch-1',
      'a STARTED elasticsearch-0',
      'single STARTED elasticsearch-1',
      'recovering STARTED elasticsearch-1',
      'recovering INITIALIZING elasticsearch-0',
      'lacking STARTED elasticsearch-1',
      'lacking UNASSIGNED',
      'elsewhere STARTED elasticsearch-0',
    );
    expect(onlyOn(copies, node)).toEqual(['single/0', 'recovering/0', 'lacking/0']);
  });

  test('that have a place on another node are waited for, others are not', () => {
    const copies = lines(
      'everywhere STARTED elasticsearch-0',
      'everywhere STARTED elasticsearch-1',
      'everywhere STARTED elasticsearch-2',
      'two STARTED elasticsearch-0',
      'two RELOCATING elasticsearch-1 -> 10.0.0.3 id elasticsearch-2',
    );
    expect(couldMove(copies, node, 3)).toEqual(['two/0']);
    expect(couldMove(copies, 'elasticsearch-2', 3)).toEqual([]);
    expect(onlyOn(copies, node)).toEqual([]);
  });

  test('are not understood without a node', () => {
    expect(() => copiesIn([{ index: 'a', shard: '0', state: 'STARTED' }])).toThrow('node');
    expect(() => copiesIn({})).toThrow('the list of shards');
  });
});

describe('the note', () => {
  const one = { node, claim: '5c3d' };
  const settings = { transient: {}, ...begins(one) };

  test('is read as it was written, and gone when it is taken back', () => {
    expect(replacingIn(settings)).toEqual(one);
    expect(replacingIn({ transient: {}, persistent: {} })).toBeUndefined();
    expect(ends.persistent).toEqual(
      Object.fromEntries(Object.keys((begins(one) as { persistent: object }).persistent).map((key) => [key, null])),
    );
  });

  test.each(['elasticsearch-1', 'a b c', 1])('that says %j is not understood', (value) => {
    expect(() => replacingIn({ persistent: { [NOTE]: value } })).toThrow(NOTE);
  });

  test('and its exclusion are left over for everybody else, and for nobody else than this command', () => {
    expect(settingsSaid(settings).is).toBe('no');
    expect(settingsSaid(withoutOurs(settings)).is).toBe('yes');
    const foreign = { transient: { 'cluster.routing.allocation.exclude._name': 'x' }, persistent: {} };
    expect(settingsSaid(withoutOurs(foreign)).is).toBe('no');
  });
});
