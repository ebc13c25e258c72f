// One node stops at a time, settled in the cluster itself. Each agent writes only its own register, a persistent
// setting, and reads all. Elasticsearch orders the writes of all nodes, and a node that sees its own write has seen all
// earlier ones (parse.ts, ports.ts). So of two that both wrote "goes" before they read, the later one sees the earlier,
// and withdraws: never do both go. No clock is compared with another machine's.

import { ordinalOf } from './members.ts';
import { NOTES } from './parse.ts';

/**
 * The note's key is TURN + POD, its value "STAGE NONCE EPHEMERAL-ID": the nonce changes with each write, the node's
 * ephemeral id with each of its starts.
 */
export const TURN = 'turn.';
export const registerOf = (pod: string): string => `${NOTES}${TURN}${pod}`;

/** A register is renewed so often, in seconds, while its node waits; one that asks who else stops, more often. */
const RENEW_SECONDS = 60;
export const RENEW_STOPS_SECONDS = 5;
/** A turn counts for so long after the write that claimed it began. The lease's time is counted from there, too. */
export const FRESH_SECONDS = 45;
/** A write without an answer has taken effect within this time, or never will: see changeSettings() in ports.ts. */
export const UNSURE_SECONDS = 60;

/** Going to stop, for one that only says that it is being stopped; wants the turn; has claimed it. */
export type Stage = 'stops' | 'wants' | 'goes';

/**
 * A register as this agent has watched it: its value, since when (own clock), and how often it changed since first
 * seen.
 */
interface Seen {
  readonly value: string;
  readonly since: number;
  readonly changes: number;
}

/** By pod. */
export type Registers = ReadonlyMap<string, Seen>;

export const watch = (before: Registers, notes: ReadonlyMap<string, string>, now: number): Registers => {
  const after = new Map<string, Seen>();
  for (const [key, value] of notes) {
    if (!key.startsWith(TURN)) continue;
    const pod = key.slice(TURN.length);
    const seen = before.get(pod);
    if (seen?.value === value) after.set(pod, seen);
    else after.set(pod, { value, since: now, changes: seen === undefined ? 0 : seen.changes + 1 });
  }
  return after;
};

/** What is not understood may be a later version's claim. */
export const stageOf = (value: string): Stage => {
  const stage = value.split(' ', 1)[0];
  return stage === 'stops' || stage === 'wants' ? stage : 'goes';
};

/** The ephemeral id of the node that wrote a register. */
export const claimant = (value: string): string | undefined => value.split(' ')[2];

/** The own register as this process wrote it last, and when that write began. */
export interface Written {
  readonly value: string;
  readonly stage: Stage;
  readonly at: number;
}

export interface TurnFacts {
  readonly pod: string;
  readonly set: string;
  readonly registers: Registers;
  readonly written: Written | undefined;
  /** Until then a write of this pod that was not answered may still take effect. */
  readonly unsureUntil: number;
  readonly now: number;
  /** When the question that the registers were read from began. */
  readonly readAt: number;
  readonly leaseSeconds: number;
  /** Has left for good: neither a member nor wanted. Its register is litter. */
  readonly gone: (pod: string) => boolean;
}

export type Turn =
  | { readonly do: 'hold' }
  /** Write that stage with a new nonce, then read again. */
  | { readonly do: 'write'; readonly stage: Stage; readonly reason: string }
  | { readonly do: 'wait'; readonly reason: string };

/** The next step of a node that could be spared, as far as shards and votes go. */
export const decideTurn = (facts: TurnFacts): Turn => {
  const { pod, registers, written, now } = facts;
  const rival = rivalOf(facts);
  if (rival !== undefined) {
    const late = written === undefined || now - written.at >= RENEW_SECONDS;
    return written?.stage !== 'wants' || late
      ? { do: 'write', stage: 'wants', reason: rival }
      : { do: 'wait', reason: rival };
  }
  const claimed = written?.stage === 'goes' && registers.get(pod)?.value === written.value;
  if (!claimed || now - written.at > FRESH_SECONDS / 2)
    return { do: 'write', stage: 'goes', reason: 'waiting: claims its turn to stop' };
  // An older write that comes late would take the claim away after it was read here.
  if (facts.readAt < facts.unsureUntil)
    return { do: 'wait', reason: 'waiting: an earlier write of this node may still take effect' };
  return { do: 'hold' };
};

/**
 * Whoever has claimed the turn, or wants it and comes first. A claim does not yield to a wish: what goes may have given
 * up its vote already.
 */
function rivalOf({ pod, set, registers, written, now, leaseSeconds, gone }: TurnFacts): string | undefined {
  const mine = ordinalOf(pod, set) ?? Number.POSITIVE_INFINITY;
  const alive = [...registers].filter(
    ([other, { since }]) => other !== pod && now - since < leaseSeconds && !gone(other),
  );
  const goes = alive.find(([, { value }]) => stageOf(value) === 'goes');
  if (goes !== undefined) return `waiting: ${goes[0]} restarts`;
  if (written?.stage === 'goes') return undefined;
  const first = alive.find(
    ([other, { value }]) => stageOf(value) === 'wants' && (ordinalOf(other, set) ?? Number.POSITIVE_INFINITY) < mine,
  );
  return first === undefined ? undefined : `waiting: ${first[0]} comes first`;
}

/** Are all of these pods being stopped now? Only a register that was seen to change tells it: others may be old. */
export const allStop = (pods: readonly string[], registers: Registers, now: number): boolean =>
  pods.every((pod) => {
    const seen = registers.get(pod);
    return seen !== undefined && seen.changes > 0 && now - seen.since < RENEW_SECONDS * 2;
  });
