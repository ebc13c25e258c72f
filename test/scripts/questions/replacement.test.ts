// What `make replace-node` reads from the cluster's answers.
import { describe, expect, test } from '@jest/globals';
import type { Settings } from '../../../scripts/lib/questions/answers.ts';
import { filtersVerdict, REPLACING, underWayVerdict } from '../../../scripts/lib/questions/leftovers.ts';
import {
  begins,
  couldMove,
  ends,
  isLeaving,
  onlyOn,
  replacingIn,
  withoutOurs,
} from '../../../scripts/lib/questions/replacement.ts';
import { settings } from './support.ts';

const node = 'elasticsearch-1';
const lines = (...wanted: readonly string[]) =>
  wanted.map((line) => {
    const [index = '', state = '', name] = line.split(' ');
    return { shard: `${index}/0`, folder: `${index}/0`, state, node: name };
  });

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
      'two RELOCATING elasticsearch-1',
    );
    expect(couldMove(copies, node, 3)).toEqual(['two/0']);
    expect(couldMove(copies, 'elasticsearch-2', 3)).toEqual([]);
    expect(onlyOn(copies, node)).toEqual([]);
  });
});

test('one that is on its way is no standstill, however long it takes', () => {
  expect(isLeaving(lines('large RELOCATING elasticsearch-1', 'a STARTED elasticsearch-0'), node)).toBe(true);
  expect(isLeaving(lines('large RELOCATING elasticsearch-0', 'a STARTED elasticsearch-1'), node)).toBe(false);
});

describe('the note', () => {
  const one = { node, claim: '5c3d' };
  const written = (begins(one) as { persistent: Readonly<Record<string, string>> }).persistent;
  const noted = settings(written);
  const says = (of: Settings): readonly string[] => [filtersVerdict(of).says, underWayVerdict(of).says];

  test('is read as it was written, and gone when it is taken back', () => {
    expect(replacingIn(noted)).toEqual(one);
    expect(replacingIn(settings())).toBeUndefined();
    expect(ends.persistent).toEqual(Object.fromEntries(Object.keys(written).map((key) => [key, null])));
  });

  test.each(['elasticsearch-1', 'elasticsearch-1 ', 'a b c'])('that says "%s" is not understood', (value) => {
    expect(() => replacingIn(settings({ [REPLACING]: value }))).toThrow(REPLACING);
  });

  test('and its exclusion are left over for everybody else, and for nobody else than this command', () => {
    expect(says(noted)).toEqual(['no', 'no']);
    expect(underWayVerdict(noted).detail).toContain('`make replace-node NODE=elasticsearch-1` again');
    expect(says(withoutOurs(noted))).toEqual(['yes', 'yes']);
    const foreign = settings(written, { 'cluster.routing.allocation.exclude._name': 'x' });
    expect(says(withoutOurs(foreign))).toEqual(['no', 'yes']);
  });
});
