// Carries out what turn.ts and lease.ts decide: one node stops at a time. One for each agent, since it must know every
// write of its register, also those that were never answered.

import { randomUUID } from 'node:crypto';
import type { Trouble } from '../../lib/answer.ts';
import { decideConflict, decideHold, type LeaseSeen, type LeaseStep, watchLease } from './lease.ts';
import { setOf } from './members.ts';
import type { Picture } from './picture.ts';
import type { Done, World } from './ports.ts';
import {
  claimant,
  decideTurn,
  FRESH_SECONDS,
  RENEW_STOPS_SECONDS,
  type Registers,
  registerOf,
  type Stage,
  stageOf,
  TURN,
  UNSURE_SECONDS,
  type Written,
  watch,
} from './turn.ts';
import { type WaitFor, waitsForAnswer } from './watched.ts';

export type Asked =
  | { readonly held: true }
  /** `again`: something was written that the next picture may show; no need to wait before it is read. */
  | { readonly held: false; readonly waitsFor: WaitFor; readonly reason: string; readonly again: boolean };

export interface TurnKeeper {
  readonly leaseSeconds: number;
  readonly registers: Registers;
  /** Notes what a picture says of the registers; its reading began at `readAt`. */
  look(picture: Picture, readAt: number): void;
  /** May this node stop, as far as the others' turns go? Claims the turn on the way. Looks at the picture, too. */
  ask(picture: Picture, readAt: number, gone: (pod: string) => boolean): Promise<Asked>;
  /** The lease alone, where no register can be written. */
  askLease(gone: (pod: string) => boolean): Promise<Asked>;
  /** Tells the others that this node is being stopped, often enough to be believed. */
  tellStopping(): Promise<void>;
  /** Takes a claim back that is of no use now, so that others may go. */
  withdraw(): Promise<void>;
  /** Takes the register away and gives the lease back, of a node that leaves nothing behind. */
  endStop(): Promise<boolean>;
  /**
   * The same for a node that is back; whether nothing of it is left. What was claimed in the present start of the node
   * stays: then its stop goes on, and this process just does not know of it.
   */
  giveBack(picture: Picture): Promise<boolean>;
}

/** With these nothing was changed, nor will be. */
const UNTOUCHED: ReadonlySet<Trouble> = new Set<Trouble>(['not-listening', 'forbidden', 'refused', 'absent']);

export const createTurnKeeper = (world: World): TurnKeeper => {
  const { podName, elasticsearch, kubernetes, clock, waits, say } = world;
  const leaseSeconds = waits.SHUTDOWN_SECONDS + 180;
  const nonce = randomUUID().slice(0, 8);
  let writes = 0;
  let ephemeralId: string | undefined;
  let registers: Registers = new Map();
  let written: Written | undefined;
  // A process before this one, killed just now, may have left a write on its way.
  let unsureUntil = clock() + UNSURE_SECONDS;
  let leaseSeen: LeaseSeen | undefined;
  let leaseHeldSince: number | undefined;
  // A process before this one may have taken it, or claimed the turn.
  let mayHoldLease = true;
  let leaseSilentSince: number | undefined;
  let last: Promise<unknown> = Promise.resolve();
  /** By the log. */
  let claims = false;

  /** One after the other: the loop that serves and the one that stops share the register. */
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const next = last.then(act);
    last = next.catch(() => undefined);
    return next;
  };

  const write = async (stage: Stage | undefined): Promise<Done> => {
    writes += 1;
    const value = stage === undefined ? null : `${stage} ${nonce}-${writes} ${ephemeralId ?? '?'}`;
    written = value === null || stage === undefined ? undefined : { value, stage, at: clock() };
    const done = await elasticsearch.changeSettings(new Map([[registerOf(podName), value]]));
    if (!done.ok && !UNTOUCHED.has(done.trouble)) unsureUntil = clock() + UNSURE_SECONDS;
    if (done.ok && (stage === 'goes') !== claims) {
      claims = stage === 'goes';
      if (claims) say('INFO', 'claims its turn to stop', { decision: 'claim-turn' });
      else if (stage !== undefined) say('INFO', 'withdraws its claim to stop', { decision: 'withdraw-turn' });
    }
    return done;
  };

  const lookAtLease = async (gone: (pod: string) => boolean): Promise<LeaseStep> => {
    // Also without an answer.
    mayHoldLease = true;
    const held = decideHold(await kubernetes.holdLease(leaseSeconds));
    if (held !== 'conflict') return held;
    const lease = await kubernetes.lease();
    if (lease.ok) leaseSeen = watchLease(leaseSeen, lease.value.version, clock());
    const step = decideConflict(lease, leaseSeen, podName, clock(), leaseSeconds, gone);
    if (step.do === 'wait') mayHoldLease = false;
    if (step.do !== 'take') return step;
    const taken = await kubernetes.takeLease(leaseSeconds, step.version);
    if (!taken.ok) return { do: 'wait', reason: `waiting: cannot take the lease from ${step.from} (${taken.trouble})` };
    if (step.from !== podName && step.from !== 'nobody')
      say(
        'INFO',
        `took the turn over from ${step.from}, which gave no sign for more than ${leaseSeconds} s, or is gone`,
        { decision: 'take-over', pod: step.from },
      );
    return { do: 'hold' };
  };

  const dropLease = async (): Promise<boolean> => {
    if (!mayHoldLease) return true;
    const done = await kubernetes.giveLeaseBack();
    leaseHeldSince = undefined;
    if (done.ok) mayHoldLease = false;
    return done.ok;
  };

  const clear = async (): Promise<boolean> => {
    const done = await write(undefined);
    return (await dropLease()) && done.ok;
  };

  const withdraw = async (): Promise<void> => {
    const before = registers.get(podName);
    const stage = written?.stage ?? (before === undefined ? undefined : stageOf(before.value));
    if (stage === 'wants' || stage === 'goes') await write('stops');
    await dropLease();
  };

  /** `enough`: whether a silent API server is no hindrance, after a while. */
  const askLease = async (gone: (pod: string) => boolean, readAt: number, enough: boolean): Promise<Asked> => {
    const step = await lookAtLease(gone);
    if (step.do === 'hold') {
      leaseSilentSince = undefined;
      leaseHeldSince ??= clock();
      // Whoever had it before is back only by pictures that were taken since.
      return readAt >= leaseHeldSince
        ? { held: true }
        : { held: false, again: true, waitsFor: 'turn', reason: 'waiting: has the lease, looks again' };
    }
    if (step.do !== 'silent') {
      leaseSilentSince = undefined;
      leaseHeldSince = undefined;
      const reason = step.do === 'wait' ? step.reason : 'waiting for the lease';
      return { held: false, again: false, waitsFor: 'turn', reason };
    }
    leaseSilentSince ??= clock();
    if (enough && clock() - leaseSilentSince >= waits.PRE_STOP_BLIND_SECONDS) return { held: true };
    return { held: false, again: false, waitsFor: 'kubernetes', reason: step.reason };
  };

  const look = (picture: Picture, readAt: number): void => {
    registers = watch(registers, picture.settings.notes, readAt);
    ephemeralId = picture.me.ephemeralId;
  };

  const ask = async (picture: Picture, readAt: number, gone: (pod: string) => boolean): Promise<Asked> => {
    look(picture, readAt);
    const facts = { pod: podName, set: setOf(podName), registers, written, unsureUntil, leaseSeconds, gone };
    const turn = decideTurn({ ...facts, now: clock(), readAt });
    if (turn.do === 'write') {
      const done = await write(turn.stage);
      if (turn.stage !== 'goes') await dropLease();
      if (done.ok) return { held: false, again: turn.stage === 'goes', waitsFor: 'turn', reason: turn.reason };
      const reason = `waiting: cannot write to the cluster (${done.trouble})`;
      return { held: false, again: false, waitsFor: waitsForAnswer(done.trouble), reason };
    }
    if (turn.do === 'wait') return { held: false, again: false, waitsFor: 'turn', reason: turn.reason };
    const lease = await askLease(gone, readAt, true);
    if (!lease.held) return lease;
    return written !== undefined && clock() - written.at <= FRESH_SECONDS
      ? { held: true }
      : { held: false, again: true, waitsFor: 'turn', reason: 'waiting: claims its turn to stop' };
  };

  return {
    leaseSeconds,
    get registers() {
      return registers;
    },
    look,
    ask: (picture, readAt, gone) => inTurn(() => ask(picture, readAt, gone)),
    askLease: (gone) => inTurn(() => askLease(gone, Number.POSITIVE_INFINITY, false)),
    tellStopping: () =>
      inTurn(async () => {
        if (written === undefined || clock() - written.at >= RENEW_STOPS_SECONDS)
          await write(written?.stage ?? 'stops');
      }),
    withdraw: () => inTurn(withdraw),
    endStop: () => inTurn(clear),
    giveBack: (picture) =>
      inTurn(async () => {
        // Of a process before this one, or of a stop that goes on without one: until the node itself was started anew.
        const register = picture.settings.notes.get(TURN + podName);
        if (register !== undefined && claimant(register) === picture.me.ephemeralId) return false;
        const lease = await kubernetes.lease();
        if (lease.ok || lease.trouble === 'absent') mayHoldLease = lease.ok && lease.value.holder === podName;
        const cleared = register === undefined && written === undefined ? await dropLease() : await clear();
        if (cleared && register !== undefined) say('INFO', 'gave its turn back', { decision: 'give-turn-back' });
        return cleared && (lease.ok || lease.trouble === 'absent');
      }),
  };
};
