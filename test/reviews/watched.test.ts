// When a review arrived last, from counts of what was written.
import { expect, test } from '@jest/globals';
import { counted, setUpText, unseen, type Watched } from '../../base/reviews/setup/watched.ts';

const after = (...counts: readonly number[]): Watched => {
  const watched = unseen(0);
  for (const [i, count] of counts.entries()) watched.arrivals = counted(watched.arrivals, count, (i + 1) * 30);
  return watched;
};

const age = (watched: Watched, now: number): number =>
  Number(/^reviews_last_written_age_seconds (\d+)$/m.exec(setUpText(watched, { expectedWithinSeconds: 60 }, now))?.[1]);

test('a count that grows is a review', () => {
  expect(age(after(5, 5, 6), 100)).toBe(10);
  expect(age(after(5, 6, 6), 100)).toBe(40);
});

test('the first count, one that stays and one that falls are none: then it is as long as the program lives', () => {
  expect(age(after(), 100)).toBe(100);
  expect(age(after(5, 5, 2), 100)).toBe(100);
  expect(age(after(5, 2, 3), 100)).toBe(10);
});

test('where reviews are rare no bound is told', () => {
  expect(setUpText(after(), { expectedWithinSeconds: 60 }, 0)).toContain('\nreviews_expected_within_seconds 60\n');
  expect(setUpText(after(), { expectedWithinSeconds: 0 }, 0)).not.toMatch(/^reviews_expected_within_seconds/m);
});
