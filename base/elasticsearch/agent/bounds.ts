// How long a stop waits, and how each wait ends. The default is to go on waiting; an end is the least harmful that is
// left.

import type { Trouble } from '../../lib/answer.ts';
import type { Waits } from './ports.ts';

export type Way = 'restart' | 'decommission';

/** What Elasticsearch's answer to the last question was worth. */
export interface Hearing {
  readonly trouble: Trouble;
  /** The node says that it has no state of a cluster: no copy on its disk is in use. */
  readonly idle: boolean;
  /** Since when both have been the same without a break. */
  readonly since: number;
}

export interface Situation {
  readonly way: Way;
  readonly now: number;
  /** When the hook began, and when this way did. */
  readonly began: number;
  readonly since: number;
  /** undefined: the last answer was good. */
  readonly hearing: Hearing | undefined;
  /** By the last good picture of this stop: whether this node could stop without taking the last of something. */
  readonly known: 'harmless' | 'harmful' | 'unknown';
  /** A node that leaves for good loses its disk (whenScaled: Delete). */
  readonly deletesClaims: boolean;
  /** How long another node that has the turn may keep it. */
  readonly leaseSeconds: number;
  /** As roomFor() gives it. */
  readonly room: number | undefined;
}

export type End =
  | { readonly end: 'wait' }
  /** Leave, as nothing is protected by waiting. */
  | { readonly end: 'fine'; readonly why: string }
  /** Leave although it may do harm; `turn`: what must be had first. */
  | { readonly end: 'leave'; readonly turn: 'none' | 'lease' | 'any'; readonly why: string };

const WAIT: End = { end: 'wait' };

/** In words of their own, for the log. */
export const TROUBLES: Readonly<Record<Trouble, string>> = {
  'not-listening': 'Elasticsearch does not listen',
  'no-answer': 'Elasticsearch gives no whole answer',
  'not-understood': "Elasticsearch's answer is not understood",
  forbidden: "Elasticsearch refuses the agent's user",
  busy: 'Elasticsearch is too busy to answer',
  'no-master': 'no master is elected',
  absent: 'Elasticsearch does not know what is asked',
  conflict: 'Elasticsearch says that somebody else was first',
  refused: 'Elasticsearch declines the question',
};

/** From the agent's word to SIGTERM: the hook asks every two seconds, and a busy machine is slow at each step. */
const HOOK_SECONDS = 5;

/** The last part of a time that is cut is for the turn, and for giving up a vote. */
const LAST_PART = 0.25;

/** Each wait is bounded where it is decided; they can follow each other, so all together are bounded by their sum. */
export const longest = (waits: Waits): number =>
  waits.PRE_STOP_DRAIN_SECONDS +
  waits.PRE_STOP_SPARE_SECONDS +
  waits.PRE_STOP_MOVE_SECONDS +
  waits.PRE_STOP_BLIND_SECONDS;

/**
 * For a pod that is granted `grace` seconds: how many of them, from the beginning of the hook, may be waited for, so
 * that SHUTDOWN_SECONDS are left for Elasticsearch. 0: none, since a clean end is worth more than any wait. undefined:
 * all waits fit, as they are configured.
 */
export const roomFor = (grace: number, waits: Waits): number | undefined => {
  const room = Math.max(0, grace - waits.SHUTDOWN_SECONDS - HOOK_SECONDS);
  return room < longest(waits) ? room : undefined;
};

export const decideEnd = (situation: Situation, waits: Waits): End => {
  const { way, now, hearing, known } = situation;
  if (hearing !== undefined && now - hearing.since >= waits.PRE_STOP_BLIND_SECONDS) {
    const why = `${TROUBLES[hearing.trouble]} for ${waits.PRE_STOP_BLIND_SECONDS} s`;
    // The process does not run: nothing is left that could be protected, and nobody can be asked.
    if (hearing.trouble === 'not-listening') return { end: 'leave', turn: 'none', why };
    // Its disk stays where it is, and nobody reads from it. No turn: whoever is in no cluster has none to ask for.
    if (way === 'restart' && hearing.idle) return { end: 'fine', why: `${why}, and no copy on this node is in use` };
    // A restart may be the cure, of a node that hangs or of a cluster without a master. One at a time: the lease tells.
    const curable = hearing.trouble === 'no-master' || hearing.trouble === 'no-answer';
    if (way === 'restart' && curable && known === 'harmless') return { end: 'leave', turn: 'lease', why };
  }
  return decideBound(situation, waits);
};

function decideBound(situation: Situation, waits: Waits): End {
  const { way, now, began, since, known, deletesClaims, leaseSeconds, room = Number.POSITIVE_INFINITY } = situation;
  const limit = way === 'restart' ? waits.PRE_STOP_SPARE_SECONDS : waits.PRE_STOP_MOVE_SECONDS;
  const cut = now - began >= room * (1 - LAST_PART);
  if (now - since < limit && !cut) return WAIT;
  // Its disk goes with it: as long as the kubelet lets this pod live, somebody may still scale up again, or make room.
  if (way === 'decommission' && deletesClaims && known !== 'harmless') return WAIT;
  const why = cut ? `of the ${room} s that the pod is granted for waiting few are left` : `${limit} s have passed`;
  // Several whose time ends at once still go one after the other, as far as the pod's grace period lets them: it has
  // both times in it, of which a stop rarely needs more than one.
  const all = waits.PRE_STOP_DRAIN_SECONDS + waits.PRE_STOP_SPARE_SECONDS + waits.PRE_STOP_MOVE_SECONDS;
  const last = now - since >= limit + 2 * leaseSeconds || now - began >= Math.min(all, room);
  return { end: 'leave', turn: last ? 'none' : 'any', why };
}
