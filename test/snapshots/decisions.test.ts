// What is decided without asking anybody: which snapshot is good, whose the repository is, what goes, when the next one
// begins, and whether a month is as it was recorded.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare, digestOf, parseWritten, reviewsIn, written } from '../../components/snapshots/program/record.ts';
import { expired, type Keep } from '../../components/snapshots/program/retention.ts';
import { nameAt } from '../../components/snapshots/program/run.ts';
import { secondsToNext, worstLossSeconds } from '../../components/snapshots/program/schedule.ts';
import { readSettings } from '../../components/snapshots/program/settings.ts';
import { isGood, newestGood, ownerOf, type Snapshot } from '../../components/snapshots/program/snapshots.ts';
import { snapshotsEnvironment } from '../monitoring/support/snapshots-text.ts';
import { DAY, goodAt, HOUR, NOW } from './support/made-up.ts';

/** What the pages promise. */
const OBJECTIVE_SECONDS = 15 * 60;
/** A month by the law, in its shortest form. */
const ERASE_WITHIN_DAYS = 28;

describe('what the manifest says keeps what the project promises', () => {
  const { times, keep } = readSettings(snapshotsEnvironment());

  test('at most fifteen minutes of reviews are lost: an interval, a second try and one snapshot', () => {
    expect(times.objectiveSeconds).toBe(OBJECTIVE_SECONDS);
    expect(worstLossSeconds(times)).toBeLessThanOrEqual(OBJECTIVE_SECONDS);
  });

  test('no snapshot is kept as long as a customer may ask to be gone within', () => {
    expect(keep.days).toBeLessThan(ERASE_WITHIN_DAYS);
    expect(snapshotsEnvironment()['ERASE_WITHIN_DAYS']).toBe(String(ERASE_WITHIN_DAYS));
  });

  test('who weakens it is refused by name', () => {
    const withValue = (name: string, value: string) => () => readSettings({ ...snapshotsEnvironment(), [name]: value });
    // The manifest leaves no second to spare: each of the three is as large as it may be.
    for (const name of ['INTERVAL_SECONDS', 'RETRY_SECONDS', 'SNAPSHOT_SECONDS'] as const) {
      const one = Number(snapshotsEnvironment()[name]) + 1;
      expect(withValue(name, String(one))).toThrow(/RETRY_SECONDS and SNAPSHOT_SECONDS together/);
    }
    expect(withValue('KEEP_ALL_SECONDS', '599')).toThrow(/KEEP_ALL_SECONDS must be at least INTERVAL_SECONDS/);
    expect(withValue('KEEP_HOURLY_SECONDS', '10799')).toThrow(/KEEP_HOURLY_SECONDS at least KEEP_ALL_SECONDS/);
    expect(withValue('KEEP_HOURLY_SECONDS', String(15 * DAY))).toThrow(/not shorter than KEEP_HOURLY_SECONDS/);
    expect(withValue('DRILL_DAYS', '8')).toThrow(/DRILL_DAYS must be at least 1, and at most half of KEEP_DAYS/);
    expect(withValue('DRILL_DAYS', '0')).toThrow(/DRILL_DAYS must be at least 1/);
    expect(withValue('KEEP_DAYS', '28')).toThrow(/KEEP_DAYS must be less than ERASE_WITHIN_DAYS/);
    expect(withValue('KEEP_DAYS', '0')).toThrow(/KEEP_DAYS must be at least 1/);
    expect(withValue('RETRY_SECONDS', 'soon')).toThrow(/RETRY_SECONDS must be a whole number/);
    expect(withValue('ELASTICSEARCH_URL', 'https://elastic:secret@x:9200')).toThrow(/^(?!.*secret)/);
    expect(withValue('METRICS_PORT', '0')).toThrow(/METRICS_PORT must be a port/);
  });
});

describe('a snapshot is good', () => {
  test('with every shard, every month and a record', () => expect(isGood(goodAt(NOW))).toBe(true));

  test.each<[string, Partial<Snapshot>]>([
    ['PARTIAL', { state: 'PARTIAL', shards: { total: 3, failed: 1, successful: 2 } }],
    ['PARTIAL although no shard failed', { state: 'PARTIAL' }],
    ['FAILED', { state: 'FAILED' }],
    ['of a state that is not known', { state: 'INCOMPATIBLE' }],
    ['still being taken', { state: 'IN_PROGRESS', end: 0 }],
    ['SUCCESS with a shard that failed', { shards: { total: 3, failed: 1, successful: 2 } }],
    ['SUCCESS with a shard that nobody mentions', { shards: { total: 3, failed: 0, successful: 2 } }],
    ['without a shard', { shards: { total: 0, failed: 0, successful: 0 } }],
    ['without its record', { indices: ['reviews-2026.11', 'reviews-2026.12'] }],
    ['without a month', { indices: ['reviews-2026.11', 'backup-record'] }],
    ["somebody else's", { note: {} }],
    ['taken where what there was could not be read', { note: { cluster: 'ours' } }],
  ])('not one that is %s', (_, change) => expect(isGood(goodAt(NOW, change))).toBe(false));
});

describe('the repository is', () => {
  const theirs = { note: { cluster: 'theirs' } };
  test.each<[string, Snapshot[], object]>([
    ["nobody's where it is empty", [], { is: 'nobody' }],
    ['ours where we wrote last', [goodAt(1, theirs), goodAt(2)], { is: 'us' }],
    ["another's who wrote last", [goodAt(3, theirs), goodAt(2)], { is: 'another', cluster: 'theirs' }],
    ["somebody's where none says whose it is", [goodAt(1, { note: {} })], { is: 'another', cluster: undefined }],
    ['ours where somebody made one by hand since', [goodAt(2), goodAt(3, { note: {} })], { is: 'us' }],
  ])('%s', (_, snapshots, expected) => expect(ownerOf(snapshots, 'ours')).toEqual(expected));
});

describe('what goes', () => {
  const keep: Keep = { allSeconds: 3 * HOUR, hourlySeconds: 2 * DAY, days: 14 };
  const every = (minutes: number, days: number): Snapshot[] =>
    Array.from({ length: (days * 24 * 60) / minutes }, (_, i) => goodAt(NOW - i * minutes * 60));

  test('all of three hours stay, one an hour of two days, one a day of two weeks', () => {
    const all = every(10, 30);
    const gone = new Set(expired(all, NOW, keep));
    const ages = all.filter(({ name }) => !gone.has(name)).map(({ start }) => NOW - start);
    expect(ages.filter((age) => age <= 3 * HOUR)).toHaveLength(19);
    const hourly = ages.filter((age) => age > 3 * HOUR && age <= 2 * DAY);
    expect(hourly.length).toBeGreaterThanOrEqual(44);
    expect(hourly.length).toBeLessThanOrEqual(46);
    const daily = ages.filter((age) => age > 2 * DAY);
    expect(daily.length).toBeGreaterThanOrEqual(12);
    expect(daily.length).toBeLessThanOrEqual(13);
    expect(Math.max(...ages)).toBeLessThanOrEqual(14 * DAY);
  });

  test('the newest good one stays, however old, and what is not good since', () => {
    const partial = goodAt(NOW - DAY, { name: 'since', state: 'PARTIAL' });
    const before = goodAt(NOW - 41 * DAY, { name: 'before', state: 'PARTIAL' });
    const last = goodAt(NOW - 40 * DAY, { name: 'last' });
    expect(expired([partial, last, before], NOW, keep)).toEqual(['before']);
    expect(expired([partial, before], NOW, keep)).toEqual([]);
  });

  test('whatever there is: never the last good one, nor one that is being taken, and nothing good early', () => {
    const snapshot = fc.record({
      age: fc.integer({ min: -HOUR, max: 60 * DAY }),
      state: fc.constantFrom('SUCCESS', 'PARTIAL', 'FAILED', 'IN_PROGRESS'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(snapshot, { selector: ({ age }) => age, maxLength: 60 }), (made) => {
        const all = made.map(({ age, state }) => goodAt(NOW - age, { state }));
        const gone = new Set(expired(all, NOW, keep));
        const last = newestGood(all);
        expect(last === undefined ? gone.size : Number(gone.has(last.name))).toBe(0);
        for (const one of all.filter(({ name }) => gone.has(name))) {
          expect(one.state).not.toBe('IN_PROGRESS');
          expect(isGood(one) && NOW - one.start <= keep.allSeconds).toBe(false);
        }
        for (const one of all.filter(({ name }) => !gone.has(name)))
          if (isGood(one) && one !== last) expect(NOW - one.start).toBeLessThanOrEqual(keep.days * DAY);
      }),
    );
  });
});

test('the next one begins an interval after the last one, sooner after a bad one, at once where none was', () => {
  const times = { intervalSeconds: 600, snapshotSeconds: 270, objectiveSeconds: 900, retrySeconds: 30 };
  expect(secondsToNext(undefined, NOW, times)).toBe(0);
  expect(secondsToNext({ start: NOW - 20, good: true }, NOW, times)).toBe(580);
  expect(secondsToNext({ start: NOW - 20, good: false }, NOW, times)).toBe(10);
  expect(secondsToNext({ start: NOW - 700, good: true }, NOW, times)).toBe(0);
  expect(secondsToNext({ start: NOW + DAY, good: true }, NOW, times)).toBe(0);
});

test('names are sorted as their times', () => {
  expect(nameAt(NOW)).toBe('reviews-2026-12-02-070000');
  expect(nameAt(NOW + 1) > nameAt(NOW)).toBe(true);
});

describe('a month that was restored', () => {
  const month = (reviews: number, checksum = 'a') => ({ reviews, checksum });
  test.each<[string, ReturnType<typeof compare>['is'], ...Parameters<typeof compare>]>([
    ['is as recorded, whatever has changed since', 'equal', month(5), month(5), month(9, 'z')],
    ['has grown while it was written to', 'more', month(5), month(6, 'b'), month(8, 'c')],
    ['cannot have grown while nobody wrote', 'wrong', month(5), month(6, 'b'), month(5)],
    ['has lost a review', 'wrong', month(5), month(4, 'b'), month(8, 'c')],
    ['has other reviews', 'wrong', month(5), month(5, 'b'), month(5)],
    ['was made while the snapshot began', 'more', undefined, month(1), undefined],
    ['has grown, and the cluster that could say so is lost', 'more', month(5), month(6, 'b'), undefined, true],
    ['has lost a review, and the cluster is lost', 'wrong', month(5), month(4, 'b'), undefined, true],
  ])('%s', (_, expected, ...given) => expect(compare(...given).is).toBe(expected));
});

test('a record is read as it was written, and any other text is none', () => {
  const months = { 'reviews-2026.12': { reviews: 2, checksum: 'y' }, 'reviews-2026.11': { reviews: 5, checksum: 'x' } };
  expect(parseWritten(written(months))).toEqual(months);
  expect(reviewsIn(months)).toBe(7);
  expect(digestOf(written(months))).toMatch(/^[0-9a-f]{32}$/);
  for (const text of ['', '{}x', '[1]', '[["a"]]', '[["a",-1,"x"]]', '[["a",1,""]]', '"abc"', 'null'])
    expect(() => parseWritten(text)).toThrow(/record|JSON/);
});
