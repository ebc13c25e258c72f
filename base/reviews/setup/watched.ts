// What can be watched of the set-up, of the reviews that arrive, and of Kibana, as Prometheus reads it. No label names
// a month, a user or an address.

import { family, known } from '../../lib/families.ts';

/** When a review arrived last, as seen by this process: that an earlier one saw more is not known. */
export interface Arrivals {
  readonly count: number | undefined;
  /** Monotonic, in seconds; until one has arrived, when this process began. */
  readonly last: number;
}

export interface Watched {
  /** At the last look. */
  complete: boolean;
  arrivals: Arrivals;
}

export const unseen = (now: number): Watched => ({ complete: false, arrivals: { count: undefined, last: now } });

/**
 * A count that has fallen says that a shard has moved or begun anew, and nothing of reviews. One that has risen may say
 * the same: a copy that is older than the primary before it has counted more. The alert then comes a bound later.
 */
export const counted = ({ count, last }: Arrivals, written: number, now: number): Arrivals => ({
  count: written,
  last: count !== undefined && written > count ? now : last,
});

const gauge = (name: string, help: string, value: number | undefined): string =>
  family('gauge', name, help, known(value));

export const setUpText = (
  { complete, arrivals }: Watched,
  { expectedWithinSeconds }: { readonly expectedWithinSeconds: number },
  now: number,
): string =>
  [
    gauge('reviews_setup_complete', '1 when all was in place at the last look.', Number(complete)),
    gauge(
      'reviews_last_written_age_seconds',
      'Since a review was last seen to be written; before the first one, since the program began.',
      Math.round(now - arrivals.last),
    ),
    gauge(
      'reviews_expected_within_seconds',
      'How long it may be until the next review; none where reviews are rare.',
      expectedWithinSeconds === 0 ? undefined : expectedWithinSeconds,
    ),
  ].join('');

export const kibanaText = (available: boolean): string =>
  gauge('reviews_kibana_available', '1 when Kibana said at the last look that it can work.', Number(available));
