// The Lease elasticsearch-restart: one restart at a time, as nodes of the previous version have it. It comes after the
// turn in the cluster, and where the API server does not answer the turn alone is enough.

import type { Answer } from '../../lib/answer.ts';
import type { LeaseLook } from './ports.ts';

/**
 * A lease as this agent has watched it: the version, and since when by the own clock. Other machines' clocks do not
 * count.
 */
export interface LeaseSeen {
  readonly version: string;
  readonly since: number;
}

export const watchLease = (before: LeaseSeen | undefined, version: string, now: number): LeaseSeen =>
  before?.version === version ? before : { version, since: now };

export type LeaseStep =
  | { readonly do: 'hold' }
  | { readonly do: 'take'; readonly version: string; readonly from: string }
  | { readonly do: 'wait'; readonly reason: string }
  /** Nobody can tell who has it. */
  | { readonly do: 'silent'; readonly reason: string };

/** What an attempt to take or renew it came to. A conflict is looked into with decideConflict(). */
export const decideHold = (answer: Answer<LeaseLook>): LeaseStep | 'conflict' => {
  if (answer.ok) return { do: 'hold' };
  if (answer.trouble === 'conflict') return 'conflict';
  return { do: 'silent', reason: `waiting: cannot ask for the lease elasticsearch-restart (${answer.trouble})` };
};

/**
 * `seen`: watchLease() of this answer's version. `gone`: whether that pod has left for good, so that it never gives it
 * back.
 */
export const decideConflict = (
  answer: Answer<LeaseLook>,
  seen: LeaseSeen | undefined,
  pod: string,
  now: number,
  leaseSeconds: number,
  gone: (pod: string) => boolean,
): LeaseStep => {
  if (!answer.ok)
    return { do: 'silent', reason: `waiting: cannot read the lease elasticsearch-restart (${answer.trouble})` };
  const { holder, version } = answer.value;
  // Given back since, or this pod's own by another manager: the version makes sure that nobody else was quicker.
  if (holder === undefined || holder === pod) return { do: 'take', version, from: holder ?? 'nobody' };
  const dead = seen !== undefined && seen.version === version && now - seen.since > leaseSeconds;
  if (dead || gone(holder)) return { do: 'take', version, from: holder };
  return { do: 'wait', reason: `waiting: ${holder} restarts` };
};
