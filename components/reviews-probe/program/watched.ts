// What the probe has seen, and what counts as what. Functions of what was answered and the time.

import type { Answer } from '../../../base/lib/answer.ts';
import { type Histogram, histogram } from './histogram.ts';

/** "unready" is neither: of a cluster that has never been well nobody has lost anything. */
export const OUTCOMES = ['good', 'bad', 'unready'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Kind {
  readonly outcomes: Record<Outcome, number>;
  /** Of the good ones. */
  readonly seconds: Histogram;
}

/** "found": of what was acknowledged, how long until a search found it. */
export type Of = 'search' | 'write' | 'found';

export interface Watched extends Readonly<Record<Of, Kind>> {
  readonly began: number;
  /** Seconds since 1970; when all that it had written was last deleted. */
  cleared: number | undefined;
}

/** With the bounds of the objectives among them. */
export const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

const kind = (): Kind => ({ outcomes: { good: 0, bad: 0, unready: 0 }, seconds: histogram(SECONDS) });

export const unseen = (began: number): Watched => ({
  began,
  search: kind(),
  write: kind(),
  found: kind(),
  cleared: undefined,
});

/**
 * Everything that is not good is bad, once it has been good. Before, for a while, it may be a first start; and where
 * no review was ever written there is nothing to search in, for as long as that is so. What was acknowledged must be
 * found: there a cluster has been well.
 */
export const outcomeOf = (
  of: Of,
  answer: Answer<unknown>,
  { hasBeenGood, isStarting }: { readonly hasBeenGood: boolean; readonly isStarting: boolean },
): Outcome => {
  if (answer.ok) return 'good';
  if (hasBeenGood || of === 'found') return 'bad';
  return isStarting || (of === 'search' && answer.trouble === 'absent') ? 'unready' : 'bad';
};
