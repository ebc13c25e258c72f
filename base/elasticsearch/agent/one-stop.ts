// One stop, from the hook's first ask to "stop Elasticsearch now". One poll is: how many are wanted, one picture of the
// cluster, one step. Everything that matters is read anew each time, so that an agent that was started in the middle of
// a stop goes on with it.

import { decideEnd, type End, type Hearing, TROUBLES, type Way } from './bounds.ts';
import { leavesNothingBehind } from './decommission.ts';
import { watchGranted } from './granted.ts';
import { handOver } from './hand-over.ts';
import { hear } from './hearing.ts';
import { beginDecommission, giveUpVoteAnyway, type Step, stepDecommission, waiting } from './leave.ts';
import { ordinalOf, type Place, setOf, stays } from './members.ts';
import type { Picture } from './picture.ts';
import type { Stop, World } from './ports.ts';
import { canBeSpared, harmless, sizeOf } from './spare.ts';
import { allStop } from './turn.ts';
import type { Asked, TurnKeeper } from './turn-keeper.ts';
import { placeOf, type Wanted } from './wanted.ts';
import { type Decided, waitsForAnswer } from './watched.ts';

const POLL_SECONDS = 2;
/** A pause is at least so many times as long as the last picture took: a large one costs the cluster something. */
const PAUSE_FACTOR = 2;
/** A decision is only good for so long: what it was made from gets old. */
const DECIDED_SECONDS = 30;

export interface OneStop {
  readonly ask: () => ReturnType<Stop['ask']>;
  readonly letGo: () => void;
  readonly status: () => Omit<ReturnType<Stop['status']>, 'since'>;
  /** No step of it is taken any more, once this has resolved. */
  readonly end: () => Promise<void>;
}

/** `start`: when the hook began, by the own clock. */
export const beginStop = (
  world: World,
  keeper: TurnKeeper,
  lookAtWanted: () => Promise<Wanted>,
  start: number,
): OneStop => {
  const { podName, elasticsearch, clock, sleep, waits, say, record } = world;
  const set = setOf(podName);
  const decommission = beginDecommission();
  let wanted: Wanted | undefined;
  let way: Way | undefined;
  let since = 0;
  let hearing: Hearing | undefined;
  let last: { readonly picture: Picture; readonly size: number } | undefined;
  let handedOver = false;
  let wholeSet = false;
  let letGoSaid = false;
  let decided: number | undefined;
  let running: Promise<void> | undefined;
  const ending = new AbortController();
  let told = '';
  let pictureSeconds = 0;
  const untold: string[] = [];
  const granted = watchGranted(world, (line) => untold.push(line));

  const tell = (reason: string, decision: Decided): void => {
    record.waits(decision.waitsFor, reason);
    if (told === reason) return;
    told = reason;
    untold.push(reason);
    say('INFO', reason, { ...decision, way });
  };

  /** Whatever the steps are busy with: by the clock, at each ask of the hook. */
  const isOver = (): boolean => granted.room !== undefined && clock() - start >= granted.room;

  const on = (next: Way): void => {
    if (way === next) return;
    decommission.still = undefined;
    // The first way began with the hook, whichever process of the agent saw that.
    since = way === undefined ? Math.min(start + waits.PRE_STOP_DRAIN_SECONDS, clock()) : clock();
    way = next;
    record.enter(`stopping-${next}`, start);
  };

  const end = (place: Place | undefined): End => {
    const isHarmless =
      last !== undefined &&
      (way === 'decommission' && place !== undefined
        ? leavesNothingBehind(last.picture, place)
        : harmless(last.picture, last.size));
    const known = last === undefined ? 'unknown' : isHarmless ? 'harmless' : 'harmful';
    const deletesClaims = wanted?.kind === 'number' && wanted.deletesClaims;
    const situation = {
      way: way ?? 'restart',
      now: clock(),
      began: start,
      since,
      hearing,
      known,
      deletesClaims,
      leaseSeconds: keeper.leaseSeconds,
      room: granted.room,
    } as const;
    return decideEnd(situation, waits);
  };

  /** The step of a wait that is over, but for the turn. */
  const leaveAnyway = async (why: string, ask: () => Promise<Asked>): Promise<Step> => {
    const turn = await ask();
    return turn.held ? giveUp(why) : waiting(turn.waitsFor, `${why}: ${turn.reason}`, turn.again);
  };

  const giveUp = async (why: string): Promise<Step> => {
    if (way === 'decommission') await giveUpVoteAnyway(world, last?.picture);
    return { go: true, anyway: true, message: `leaving: ${why}, although: ${told || 'no reason known'}` };
  };

  const restart = async (picture: Picture, size: number, ask: () => Promise<Asked>): Promise<Step> => {
    if (size <= 1) return { go: true, message: `leaving: a cluster of ${size} cannot spare a node anyway` };
    const verdict = canBeSpared(picture, size);
    if (!verdict.ok) {
      await keeper.withdraw();
      return waiting(verdict.waitsFor, verdict.reason);
    }
    const turn = await ask();
    if (!turn.held) return waiting(turn.waitsFor, turn.reason, turn.again);
    if (picture.master === picture.me.id && !handedOver) {
      handedOver = true;
      await handOver(world, picture, (reason, outcome) => tell(reason, { decision: 'hand-over', outcome }));
      // Votes have moved since the picture.
      return waiting('turn', told, true);
    }
    return { go: true, message: 'leaving for a restart' };
  };

  const step = async (): Promise<Step> => {
    const [now] = await Promise.all([lookAtWanted(), granted.look()]);
    wanted = now;
    if (letGoSaid) return { go: true, message: 'leaving: somebody let it go' };
    if (now.kind === 'nothing' || wholeSet) return { go: true, message: 'leaving at once: the whole StatefulSet goes' };
    const place = placeOf(now);
    const leaving = place !== undefined && !stays(podName, place);
    on(leaving ? 'decommission' : 'restart');
    const readAt = clock();
    const answer = await elasticsearch.picture();
    pictureSeconds = clock() - readAt;
    if (!answer.ok) {
      const waitsFor = waitsForAnswer(answer.trouble);
      const reason = `${leaving ? 'leaving for good' : 'waiting'}: ${TROUBLES[answer.trouble]}`;
      const heard = await hear(elasticsearch, hearing, answer.trouble, readAt);
      if (heard !== hearing) {
        hearing = heard;
        say('WARN', `${TROUBLES[answer.trouble]}: ${answer.detail}`);
        tell(reason, { decision: 'wait', waitsFor });
      }
      return blind(place, waiting(waitsFor, reason));
    }
    hearing = undefined;
    const picture = answer.value;
    const size = sizeOf(picture, place, set);
    last = { picture, size };
    keeper.look(picture, readAt);
    if (now.kind === 'unowned' && (await allGo(picture))) {
      wholeSet = true;
      return { go: true, message: 'leaving at once: there is no StatefulSet, and all its pods are being stopped' };
    }
    const ask = () => keeper.ask(picture, readAt, isGone(picture, place));
    const over = end(place);
    if (over.end === 'leave') return over.turn === 'none' ? giveUp(over.why) : leaveAnyway(over.why, ask);
    return leaving ? stepDecommission(world, keeper, decommission, picture, place, ask) : restart(picture, size, ask);
  };

  /** Without a picture: wait, or leave in the way that harms least. */
  const blind = async (place: Place | undefined, wait: Step): Promise<Step> => {
    // What may have moved meanwhile has not stood still.
    decommission.still = undefined;
    const over = end(place);
    if (over.end === 'wait') return wait;
    if (over.end === 'fine') return { go: true, message: `leaving: ${over.why}` };
    if (over.turn === 'none') return giveUp(over.why);
    return leaveAnyway(over.why, () => keeper.askLease(last === undefined ? () => false : isGone(last.picture, place)));
  };

  const allGo = async (picture: Picture): Promise<boolean> => {
    await keeper.tellStopping();
    const ours = [...picture.members.values()]
      .map(({ name }) => name)
      .filter((name) => ordinalOf(name, set) !== undefined);
    return allStop(
      ours.filter((name) => name !== podName),
      keeper.registers,
      clock(),
    );
  };

  const run = async (): Promise<void> => {
    try {
      // Both at once: what is granted may be over before the clients have noticed.
      await Promise.all([granted.look(), sleep(Math.max(0, start + waits.PRE_STOP_DRAIN_SECONDS - clock()))]);
      while (decided === undefined && !ending.signal.aborted) {
        const next = await step().catch((error: unknown) =>
          waiting('agent', `waiting: the agent failed: ${String(error)}`),
        );
        if (next.go) {
          const message = next.message.startsWith('leaving') ? next.message : `leaving for good: ${next.message}`;
          const seconds = Math.round(clock() - start);
          tell(`${message} (after ${seconds} s)`, { decision: next.anyway ? 'leave-anyway' : 'leave', seconds });
          decided = clock();
        } else {
          // What is settled by the next look is no reason to wait.
          if (next.again !== true && !letGoSaid) tell(next.reason, { decision: 'wait', waitsFor: next.waitsFor });
          // A write that shows only later must not make a busy loop.
          await sleep(next.again === true ? 0.05 : Math.max(POLL_SECONDS, pictureSeconds * PAUSE_FACTOR));
        }
      }
    } finally {
      running = undefined;
    }
  };

  return {
    ask() {
      if (decided !== undefined && clock() - decided > DECIDED_SECONDS && !letGoSaid) decided = undefined;
      if (decided === undefined && !letGoSaid && isOver()) {
        const seconds = Math.round(clock() - start);
        const why = `leaving: ${seconds} s have passed, which is all that the pod is granted for waiting`;
        tell(why, { decision: 'leave-anyway', seconds });
        decided = clock();
      }
      if (decided === undefined && !letGoSaid) running ??= run();
      return { go: decided !== undefined || letGoSaid, reasons: untold.splice(0) };
    },
    letGo() {
      letGoSaid = true;
      // For the hook's log: here the person's own decision has its line already.
      if (told !== 'leaving: somebody let it go') untold.push('leaving: somebody let it go');
      told = 'leaving: somebody let it go';
    },
    status: () => ({ way: way ?? 'none', reason: told }),
    async end() {
      ending.abort();
      await running;
    },
  };
};

/**
 * A pod that is neither a member nor wanted never gives anything back. While nobody can tell who is wanted, all are.
 */
const isGone =
  (picture: Picture, place: Place | undefined) =>
  (pod: string): boolean =>
    place !== undefined && !stays(pod, place) && ![...picture.members.values()].some(({ name }) => name === pod);
