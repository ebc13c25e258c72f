// Which snapshots are deleted. All of the last hours are kept, then one an hour, then one a day, and none for longer
// than the days within which a customer's reviews must be gone everywhere.

import { isGood, isRunning, newestFirst, newestGood, type Snapshot } from './snapshots.ts';

export interface Keep {
  /** Every snapshot that is younger. */
  readonly allSeconds: number;
  /** One an hour. */
  readonly hourlySeconds: number;
  /** One a day, and none that is older. */
  readonly days: number;
}

const HOUR = 3600;
const DAY = 86_400;

const slotOf = ({ start }: Snapshot, age: number, keep: Keep): string =>
  age <= keep.hourlySeconds ? `hour ${Math.floor(start / HOUR)}` : `day ${Math.floor(start / DAY)}`;

/**
 * Names, oldest first. The newest good one always stays, whatever its age: what is too old with it is told by the
 * alert. What is not good stays while nothing good is newer: it may be all that there is of the last hours.
 */
export const expired = (snapshots: readonly Snapshot[], now: number, keep: Keep): readonly string[] => {
  const last = newestGood(snapshots);
  const taken = new Set<string>();
  const gone: string[] = [];
  for (const snapshot of newestFirst(snapshots)) {
    if (isRunning(snapshot) || snapshot === last || last === undefined || snapshot.start > last.start) continue;
    const age = now - snapshot.start;
    const slot = slotOf(snapshot, age, keep);
    const stays = isGood(snapshot) && age <= keep.days * DAY && (age <= keep.allSeconds || !taken.has(slot));
    if (!stays) gone.push(snapshot.name);
    else if (age > keep.allSeconds) taken.add(slot);
  }
  return gone.reverse();
};
