// What there was when a snapshot began: for each month how many reviews, and a checksum of their columns. It is an
// index's document, so that it is in the snapshot itself. The bytes of the texts are checked by Elasticsearch: each
// file of a shard has a checksum, and one that is wrong fails the restore.

import { createHash } from 'node:crypto';
import { count, list, text } from '../../../base/lib/json.ts';

export interface Month {
  readonly reviews: number;
  readonly checksum: string;
}

/** By the index's name. */
export type Months = Readonly<Record<string, Month>>;

/** The words that are stored, and hashed. */
export const written = (months: Months): string =>
  JSON.stringify(
    Object.keys(months)
      .sort()
      .map((name) => [name, months[name]?.reviews ?? 0, months[name]?.checksum ?? '']),
  );

export const digestOf = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 32);

export const parseWritten = (words: string): Months =>
  Object.fromEntries(
    list(JSON.parse(words), 'the record').map((one, i) => {
      const [name, reviews, checksum] = list(one, `record.${i}`);
      const month = { reviews: count(reviews, `record.${i}.1`), checksum: text(checksum, `record.${i}.2`) };
      return [text(name, `record.${i}.0`), month];
    }),
  );

export const reviewsIn = (months: Months): number =>
  Object.values(months).reduce((sum, { reviews }) => sum + reviews, 0);

export type Verdict =
  /** The same number, and the same checksum. */
  | { readonly is: 'equal' }
  /** More than there were when the snapshot began: it was written to meanwhile. */
  | { readonly is: 'more'; readonly by: number }
  | { readonly is: 'wrong'; readonly why: string };

/**
 * Of one month that was restored. `live`: what the cluster has of it now, or nothing where it has none: only a month
 * that has changed since may have more in the snapshot than was recorded a moment before.
 */
export const compare = (
  recorded: Month | undefined,
  restored: Month,
  live: Month | undefined,
  isLost = false,
): Verdict => {
  // A month that was made while the snapshot began.
  if (recorded === undefined) return { is: 'more', by: restored.reviews };
  const { reviews, checksum } = recorded;
  if (restored.reviews === reviews)
    return restored.checksum === checksum
      ? { is: 'equal' }
      : { is: 'wrong', why: `has as many reviews as recorded (${reviews}), but their checksum differs` };
  if (restored.reviews < reviews)
    return {
      is: 'wrong',
      why:
        `has ${restored.reviews} reviews, but ${reviews} were recorded when the snapshot began (a customer who was ` +
        'erased just then would explain it: try the next snapshot)',
    };
  const unchanged = !isLost && live !== undefined && live.reviews === reviews && live.checksum === checksum;
  return unchanged
    ? { is: 'wrong', why: `has ${restored.reviews} reviews, but there were ${reviews} before and after the snapshot` }
    : { is: 'more', by: restored.reviews - reviews };
};
