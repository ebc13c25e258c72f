// The probe's own indices: one for each month, made as those of the reviews are, and deleted as a whole.

/** Where it writes and searches: the name of all of them together, as "reviews" is of the months. */
export const OWN = 'probe-reviews';

/** A probe that was away for longer leaves one behind. */
const MONTHS = 13;

/** Names of indices that an earlier day may have left, the newest first. */
export const ownIndices = (now: Date): readonly string[] =>
  Array.from({ length: MONTHS }, (_, back) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back));
    return `${OWN}-${month.toISOString().slice(0, 7).replace('-', '.')}`;
  });

/** Deleted once in a while, so that nothing gathers, and each index has the settings of today. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);
