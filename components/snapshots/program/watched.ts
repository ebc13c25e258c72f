// What can be watched: the last word of each part. It is made anew at each start, from the repository.

export interface Drilled {
  /** In seconds since 1970, when it ended. */
  readonly at: number;
  readonly good: boolean;
  readonly seconds: number;
  readonly snapshot: string;
  readonly reviews: number;
  /** When the last good one ended; 0 where there was none. */
  readonly lastGood: number;
}

export const OUTCOMES = ['good', 'not-good', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

export interface Watched {
  /** Of the last good one: when it began, 0 where there is none; undefined before the repository was read. */
  lastGood: { readonly start: number; readonly seconds: number } | undefined;
  /** How many the repository holds. */
  held: { readonly good: number; readonly others: number; readonly unreadable: number } | undefined;
  /** When the oldest began; 0 where there is none. */
  oldest: number;
  verified: number;
  runs: Record<Outcome, number>;
  drilled: Drilled | undefined;
  /** Whether the repository is this cluster's. */
  isOurs: boolean | undefined;
}

export const unseen = (): Watched => ({
  lastGood: undefined,
  held: undefined,
  oldest: 0,
  verified: 0,
  runs: { good: 0, 'not-good': 0, failed: 0 },
  drilled: undefined,
  isOurs: undefined,
});
