// What an answer is taken for.
import { describe, expect, test } from '@jest/globals';
import { bad, good, type Trouble } from '../../base/lib/answer.ts';
import { read } from '../../base/lib/read.ts';
import { parseFound, parseItem } from '../../components/reviews-probe/program/answers.ts';
import { histogram, histogramText, observe } from '../../components/reviews-probe/program/histogram.ts';
import { ownIndices } from '../../components/reviews-probe/program/indices.ts';
import { outcomeOf } from '../../components/reviews-probe/program/watched.ts';
import { isToClear } from '../../components/reviews-probe/program/work.ts';

const shards = { total: 3, successful: 3, skipped: 0, failed: 0 };
const found = { timed_out: false, _shards: shards, hits: { total: { value: 7, relation: 'eq' } } };

describe('a search', () => {
  test('is good when every shard has answered', () => {
    expect(read('', good(found), parseFound)).toEqual(good(7));
  });

  test.each([
    ['not all shards', { ...found, _shards: { ...shards, successful: 2, failed: 1 } }],
    ['shards that nobody counts', { ...found, _shards: { ...shards, successful: 2 } }],
    ['no shard', { ...found, _shards: { total: 0, successful: 0, skipped: 0, failed: 0 } }],
    ['out of time', { ...found, timed_out: true }],
    ['no word on time', { ...found, timed_out: undefined }],
    ['no count', { ...found, hits: {} }],
    ['nothing', {}],
    ['a text', 'ok'],
  ])('is not understood with %s', (_, answer) => {
    expect(read('', good(answer), parseFound)).toMatchObject({ ok: false, trouble: 'not-understood' });
  });
});

const created = { _id: 'p', status: 201, result: 'created', _shards: { total: 2, successful: 2, failed: 0 } };
const item = (one: object): unknown => ({ errors: false, items: [{ create: one }] });

describe('a write', () => {
  test('says what became of it', () => {
    expect(read('', good(item(created)), parseItem('p'))).toEqual(good({ status: 201, type: '' }));
    const error = { type: 'security_exception', reason: 'which may quote' };
    expect(read('', good(item({ _id: 'p', status: 403, error })), parseItem('p'))).toEqual(
      good({ status: 403, type: 'security_exception' }),
    );
  });

  test.each([
    ['of another document', item({ ...created, _id: 'q' })],
    ['updated', item({ ...created, result: 'updated' })],
    ['on no copy', item({ ...created, _shards: { total: 2, successful: 0, failed: 0 } })],
    ['of no status', item({ ...created, status: undefined })],
    ['of two items', { items: [{ create: created }, { create: created }] }],
    ['of no item', { items: [] }],
    ['of another action', { items: [{ index: created }] }],
  ])('is not understood where it is %s', (_, answer) => {
    expect(read('', good(answer), parseItem('p'))).toMatchObject({ ok: false, trouble: 'not-understood' });
  });
});

describe('an outcome', () => {
  const [start, later, well] = [
    { hasBeenGood: false, isStarting: true },
    { hasBeenGood: false, isStarting: false },
    { hasBeenGood: true, isStarting: true },
  ];
  const troubles: readonly Trouble[] = [
    'not-listening',
    'no-answer',
    'not-understood',
    'forbidden',
    'busy',
    'no-master',
    'absent',
    'conflict',
    'refused',
  ];

  test.each(troubles)('that is "%s" is bad, once all has been well', (trouble) => {
    const kinds = ['search', 'write', 'found'] as const;
    for (const kind of kinds) expect(outcomeOf(kind, bad(trouble, ''), well)).toBe('bad');
    expect(outcomeOf('write', bad(trouble, ''), later)).toBe('bad');
    expect(outcomeOf('write', bad(trouble, ''), start)).toBe('unready');
  });

  test('of a search where no review was ever written is none, however long', () => {
    expect(outcomeOf('search', bad('absent', ''), later)).toBe('unready');
    expect(outcomeOf('search', bad('no-answer', ''), later)).toBe('bad');
  });

  test('of what was acknowledged is bad from the first on', () => {
    for (const trouble of ['absent', 'no-answer'] as const)
      expect(outcomeOf('found', bad(trouble, ''), start)).toBe('bad');
    expect(outcomeOf('found', good(true), start)).toBe('good');
  });
});

test('a histogram counts each value in all buckets that hold it', () => {
  const made = histogram([0.5, 1, 5]);
  for (const value of [0.5, 0.6, 5.1]) observe(made, value);
  expect(histogramText('h', 'Help.', made)).toBe(
    '# HELP h Help.\n# TYPE h histogram\nh_bucket{le="0.5"} 1\nh_bucket{le="1.0"} 2\nh_bucket{le="5.0"} 2\n' +
      'h_bucket{le="+Inf"} 3\nh_sum 6.199999999999999\nh_count 3\n',
  );
});

test('its own indices are those of thirteen months, and of nobody else', () => {
  const names = ownIndices(new Date('2026-01-31T23:59:59Z'));
  expect(names.slice(0, 2)).toEqual(['probe-reviews-2026.01', 'probe-reviews-2025.12']);
  expect(names.at(-1)).toBe('probe-reviews-2025.01');
  expect(names.every((name) => /^probe-reviews-\d{4}\.\d\d$/.test(name))).toBe(true);
});

test('it deletes once a day, while all is well', () => {
  expect(isToClear('2026-12-02', { last: '', written: true })).toBe(true);
  expect(isToClear('2026-12-02', { last: '2026-12-02', written: true })).toBe(false);
  expect(isToClear('2026-12-02', { last: '2026-12-01', written: true })).toBe(true);
  expect(isToClear('2026-12-02', { last: '2026-12-01', written: false })).toBe(false);
});
