// How long snapshots still hold what was erased just now.
import type { KubernetesObject } from '../objects.ts';
import { snapshotsIn } from './program.ts';

const DAY = 86_400_000;

/** A line; nothing where the overlay takes no snapshots. */
export const stillHeld = (objects: readonly KubernetesObject[], now: Date): string => {
  const program = snapshotsIn(objects);
  if (program === undefined) return '';
  // The last one that has them began a moment ago; a day for its deletion.
  const last = new Date(now.getTime() + (program.keepDays + 1) * DAY).toISOString().slice(0, 10);
  return (
    `The last snapshot that holds them is deleted by ${last} (KEEP_DAYS=${program.keepDays}), as long as newer ones ` +
    'are good. Note the customer until then: after a restore of an older snapshot erase again.\n'
  );
};
