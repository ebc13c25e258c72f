// Snapshots as a repository lists them.
import { MONTHS, RECORD, type Snapshot } from '../../../components/snapshots/program/snapshots.ts';

export const HOUR = 3600;
export const DAY = 24 * HOUR;
/** A moment in 2026, on the hour. */
export const NOW = 1_796_194_800;

export const goodAt = (start: number, change: Partial<Snapshot> = {}): Snapshot => ({
  name: `${MONTHS}at-${start}`,
  state: 'SUCCESS',
  start,
  end: start + 20,
  indices: [`${MONTHS}2026.11`, `${MONTHS}2026.12`, RECORD],
  shards: { total: 3, failed: 0, successful: 3 },
  note: { cluster: 'ours', record: 'abc', months: 2, reviews: 7 },
  ...change,
});
