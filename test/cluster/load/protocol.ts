// What the load driver prints, one JSON text a line, and the harness reads. Between a crash of everything and the
// verification afterwards, these lines are all that is left of the driver: so the counts of acknowledged writes are
// printed often.
import type { Status, StatusTimes } from './watcher.ts';

export interface Progress {
  readonly kind: 'progress';
  readonly at: number;
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly searches: number;
  readonly searchErrors: number;
  readonly writeRetries: number;
  readonly status: Status;
  /** How long ago the last acknowledged write is, of the index that waits longest. */
  readonly openGapMs: number;
}

interface StatusChange {
  readonly kind: 'status';
  readonly at: number;
  readonly status: Status;
}

export interface Report extends StatusTimes {
  readonly kind: 'report';
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly writeRetries: number;
  /** Answers 401 and 403. */
  readonly refused: number;
  readonly lost: readonly string[];
  readonly searches: number;
  readonly searchErrors: number;
  readonly lastSearchError: string;
  readonly writeGapMs: number;
  readonly writeGapIndex: string;
  readonly writeGapUntil: number;
  readonly searchGapMs: number;
}

/** The answer of the driver that is started only to verify. */
interface Verified {
  readonly kind: 'verified';
  readonly lost: readonly string[];
}

export type Line = Progress | StatusChange | Report | Verified;
