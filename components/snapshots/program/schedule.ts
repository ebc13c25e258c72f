// When the next snapshot begins. What can be lost is what was indexed since the last good one began, until the next
// good one has ended: an interval and one snapshot, and between them a second try, so that an attempt which fails at
// once (a node that restarts while the repository is verified) does not cost the objective.

export interface Times {
  /** From the begin of one snapshot to the begin of the next. */
  readonly intervalSeconds: number;
  /** How long a snapshot may take for the objective to hold. A longer one is not stopped: that would lose more. */
  readonly snapshotSeconds: number;
  /** The most that may be lost. */
  readonly objectiveSeconds: number;
  /** After one that was not good. */
  readonly retrySeconds: number;
}

export const worstLossSeconds = ({ intervalSeconds, retrySeconds, snapshotSeconds }: Times): number =>
  intervalSeconds + retrySeconds + snapshotSeconds;

/** Of the last attempt, which may have been another process's. */
export interface Attempt {
  /** In seconds since 1970. */
  readonly start: number;
  readonly good: boolean;
}

/** Seconds from `now` on; at once where there was none, or where its time is in the future: a clock was wrong. */
export const secondsToNext = (last: Attempt | undefined, now: number, times: Times): number => {
  if (last === undefined || last.start > now) return 0;
  const pause = last.good ? times.intervalSeconds : times.retrySeconds;
  return Math.max(0, last.start + pause - now);
};
