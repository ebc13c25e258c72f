// Have the scheduled jobs of the overlay succeeded lately? Where it has snapshots, that is the age of the last good one.

import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { Known } from './known.ts';
import { notKnown, unless, type Verdict } from './verdict.ts';

export const JOBS = 'the scheduled jobs have succeeded at their last turn';

const HOUR_MS = 3_600_000;
const ago = (ms: number): string =>
  ms < 2 * HOUR_MS ? `${Math.round(ms / 60_000)} minutes ago` : `${Math.round(ms / HOUR_MS)} hours ago`;

/**
 * No pause between two turns is longer, by the fields of the schedule that are not open: minute, hour, day of the month,
 * month, day of the week. A controller that does nothing leaves the last turn as it was.
 */
const longestPauseHours = (schedule: string): number => {
  const [, hour, day, month, weekday] = schedule.trim().split(/\s+/);
  if (month !== '*') return 366 * 24;
  if (day !== '*') return 31 * 24;
  if (weekday !== '*') return 7 * 24;
  return hour === '*' ? 1 : 24;
};

interface Found {
  readonly bad?: string;
  /** Its turn goes on: whether the one before was good nobody can tell. */
  readonly open?: string;
}

const judged = (name: string, live: ICronJob | undefined, now: number): Found => {
  if (live === undefined) return { bad: `${name} is not there` };
  if (live.spec?.suspend === true) return { bad: `${name} is suspended` };
  const [good, turn] = [live.status?.lastSuccessfulTime, live.status?.lastScheduleTime];
  if (turn === undefined) return { bad: `${name} has not had its turn yet` };
  const pause = longestPauseHours(live.spec?.schedule ?? '');
  if (now - Date.parse(turn) > (pause + 1) * HOUR_MS)
    return { bad: `${name} has had its last turn ${ago(now - Date.parse(turn))}` };
  // A job ends after its turn began: an older success is one of an earlier turn.
  if (good !== undefined && Date.parse(good) >= Date.parse(turn)) return {};
  if ((live.status?.active ?? []).length > 0) return { open: `${name} has its turn just now: ask again` };
  const last = good === undefined ? 'has never succeeded' : `has succeeded last ${ago(now - Date.parse(good))}`;
  return { bad: `${name} had its turn ${ago(now - Date.parse(turn))} and ${last}` };
};

/** `live` by the names of the overlay's CronJobs; `now` in milliseconds since 1970. */
export const jobsVerdict = (live: ReadonlyMap<string, Known<ICronJob | undefined>>, now: number): Verdict => {
  const unread: string[] = [];
  const bad: string[] = [];
  const last: string[] = [];
  for (const [name, job] of live) {
    if (!job.known) {
      unread.push(`${name}: ${job.why}`);
      continue;
    }
    const found = judged(name, job.value, now);
    if (found.bad !== undefined) bad.push(found.bad);
    if (found.open !== undefined) unread.push(found.open);
    last.push(`${name} ${ago(now - Date.parse(job.value?.status?.lastSuccessfulTime ?? ''))}`);
  }
  if (bad.length === 0 && unread.length > 0) return notKnown(JOBS, unread.join('; '));
  return unless(JOBS, bad, last.join(', '));
};
