// What the agent does while its node serves: admits it, once for each of its starts, looks how many pods are wanted,
// and tidies. Nothing here can take an admitted node out of the Service.

import type { Answer } from '../../lib/answer.ts';
import { TROUBLES } from './bounds.ts';
import type { Picture } from './picture.ts';
import type { Agent, World } from './ports.ts';
import { beginRecovery, decideRecovered, type Recovery } from './ready.ts';
import { rememberVoters } from './remember-voters.ts';
import type { Stopping } from './stop.ts';
import { findLitter } from './tidy.ts';
import { parseVoters } from './voters.ts';
import { placeOf } from './wanted.ts';
import { ofAnother, watchMarker } from './watch-marker.ts';
import { type WaitFor, waitsForAnswer } from './watched.ts';

const UNREADY_SECONDS = 1;
const READY_SECONDS = 5;
const TIDY_SECONDS = 30;
/** At most this part of the time is spent with questions: with 30,000 copies a picture costs both sides something. */
const PAUSE_FACTOR = 3;

/** Why something is not done yet; undefined: it is. */
type Hindrance = { readonly waitsFor: WaitFor; readonly reason: string } | undefined;

export const createAgent = (world: World, stop: Stopping): Agent => {
  const { podName, elasticsearch, kubernetes, files, clock, sleep, waits, say, record } = world;
  let ready = false;
  let reason = 'has not begun';
  let told = '';
  let recovering: { readonly of: string; readonly recovery: Recovery } | undefined;
  let formed: string | undefined;
  let owesTurn = true;
  let tidied = Number.NEGATIVE_INFINITY;
  let foreign = '';
  let noted: string | undefined;
  /** What nothing here waits for, but a person must know of. */
  let worry: Hindrance;
  const marker = watchMarker(world);
  /** The start of the node that was there before a stop began. */
  let lived: string | undefined;

  const tell = (text: string, waitsFor: WaitFor): void => {
    if (told !== text) say('INFO', text, { decision: 'wait', waitsFor });
    told = text;
  };

  const hindered = (waitsFor: WaitFor, why: string): Hindrance => ({ waitsFor, reason: why });

  /** Not over what a stop tells that has begun meanwhile, nor over a configuration that was refused. */
  const note = (hindrance: Hindrance): void => {
    const waitsForProbe = hindrance?.waitsFor === 'start' && record.look().phase === 'preparing';
    if (stop.begun || waitsForProbe) return;
    record.enter(hindrance === undefined ? 'serving' : 'starting');
    const shown = hindrance ?? worry;
    record.waits(shown?.waitsFor, shown?.reason);
  };

  /** Without a master it matters who could elect one: a node of them that is not there is what is missing. */
  const trouble = async (answer: Answer<unknown>): Promise<Hindrance> => {
    if (answer.ok) return undefined;
    const waitsFor = waitsForAnswer(answer.trouble);
    if (answer.trouble !== 'no-master') return hindered(waitsFor, `${TROUBLES[answer.trouble]}: ${answer.detail}`);
    if (noted === undefined) {
      const known = await kubernetes.formed();
      noted = known.ok ? known.value.voters : undefined;
    }
    const names = [...(parseVoters(noted) ?? new Map<string, string>()).values()].join(', ');
    const needs = names === '' ? '' : `, which needs more than half of the voters ${names}`;
    return hindered(waitsFor, `${TROUBLES['no-master']}${needs}`);
  };

  /** Writes the marker "was formed" before any node turns ready, and refuses a second cluster. */
  const sameCluster = async (uuid: string): Promise<Hindrance> => {
    const known = (await files.knownCluster()) ?? formed;
    if (known === uuid) return undefined;
    if (known !== undefined) return hindered('cluster', ofAnother(uuid, known));
    const done = await kubernetes.markFormed(uuid);
    if (!done.ok)
      return hindered(
        'kubernetes',
        `cannot write ConfigMap elasticsearch-formed (${done.trouble}; a conflict means that another cluster is ` +
          `known): not ready. ${done.detail}`,
      );
    formed = uuid;
    say('INFO', `${uuid} is the known cluster from now on`, { decision: 'mark-formed' });
    return undefined;
  };

  /** Why a good answer of this node is not understood, where that is the marker's doing. */
  const ofAnotherCluster = async (): Promise<Hindrance> => {
    const [known, master] = [await files.knownCluster(), await elasticsearch.master()];
    if (known === undefined || !master.ok || master.value.clusterUuid === known) return undefined;
    return hindered('cluster', ofAnother(master.value.clusterUuid, known));
  };

  /**
   * The name of this start of the container is read before the node is asked, and again when all is known: a node that
   * was started anew meanwhile is looked at from the beginning.
   */
  const admit = async (): Promise<Hindrance> => {
    const start = await files.start();
    if (start === undefined) return hindered('start', 'the probe has not named this start yet');
    if (await files.admitted(start)) return undefined;
    const self = await elasticsearch.self();
    if (!self.ok) return (await ofAnotherCluster()) ?? trouble(self);
    const of = `${start} ${self.value.ephemeralId}`;
    if (recovering?.of !== of) recovering = { of, recovery: beginRecovery(clock()) };
    // Just after joining there are tasks that nobody has begun; so the health first, and the picture not older than it.
    const health = await elasticsearch.health(true);
    if (!health.ok && health.trouble !== 'busy') return trouble(health);
    const picture = await elasticsearch.picture();
    if (!picture.ok) return trouble(picture);
    const other = await sameCluster(picture.value.clusterUuid);
    if (other !== undefined) return other;
    const state = decideRecovered(
      recovering.recovery,
      picture.value,
      health.ok ? health.value : undefined,
      clock(),
      waits,
    );
    if (!state.ready) {
      recovering = { of, recovery: state.recovery };
      return hindered('recovery', 'shards recover');
    }
    const again = await elasticsearch.self();
    const unchanged =
      picture.value.me.ephemeralId === self.value.ephemeralId &&
      again.ok &&
      again.value.ephemeralId === self.value.ephemeralId &&
      (await files.start()) === start;
    if (!unchanged || stop.begun) return hindered('start', 'the node was started anew while it was looked at');
    await files.admit(start);
    say('INFO', state.why, { decision: 'admit', seconds: clock() - recovering.recovery.first });
    return undefined;
  };

  /** This node is back: the next one may go. */
  const giveTurnBack = async (picture: Picture): Promise<void> => {
    if (owesTurn && !stop.begun) owesTurn = !(await stop.keeper.giveBack(picture));
  };

  const tidy = async (picture: Picture): Promise<void> => {
    const wanted = await stop.lookAtWanted();
    const { changes, clearVotes, foreignVotes } = findLitter(picture, placeOf(wanted));
    const names = foreignVotes.join(', ');
    if (names !== foreign && names !== '')
      say(
        'WARN',
        `voting exclusions that no agent wrote stand: ${names}. While they do, no vote is given back by itself`,
      );
    foreign = names;
    if (stop.begun) return;
    if (clearVotes) {
      if (!(await elasticsearch.clearVotingExclusions()).ok) return;
      const given = picture.votesGivenUp.map(({ name }) => name).join(' ');
      say('INFO', `votes given back to: ${given}`, { decision: 'clear-votes' });
    }
    if (changes.size > 0 && (await elasticsearch.changeSettings(changes)).ok)
      say('INFO', `took back what is not needed any more: ${[...changes.keys()].join(' ')}`, { decision: 'tidy' });
    const voters = await rememberVoters(kubernetes, picture);
    marker.noted(voters);
    if (voters.ok) noted = voters.value;
  };

  /** Every 30 s: what is wanted, for the time in which nobody can tell; on the elected master, what is to be tidied. */
  const lookAround = async (): Promise<void> => {
    if (clock() - tidied < TIDY_SECONDS) return;
    tidied = clock();
    const [master, self] = [await elasticsearch.master(), await elasticsearch.self()];
    const isMaster = master.ok && self.ok && master.value.id === self.value.id;
    if (master.ok) worry = await marker.look(master.value.clusterUuid, isMaster);
    if (!isMaster) await stop.lookAtWanted();
    if (!isMaster && !owesTurn) return;
    const picture = await elasticsearch.picture();
    if (!picture.ok) return;
    await giveTurnBack(picture.value);
    if (isMaster && !stop.begun) await tidy(picture.value);
  };

  /** A hook that ran to its end is not always the end of the pod: the container may be started anew in it. */
  const isOver = async (): Promise<boolean> => {
    const start = await files.start();
    lived ??= start;
    const anew = start !== undefined && start !== lived;
    if (!anew && !stop.abandoned) return false;
    await stop.forget();
    ready = false;
    owesTurn = true;
    // What an earlier start of the node claimed is given back when this one has recovered.
    if (!anew) await stop.keeper.endStop();
    record.enter('starting');
    const why = anew ? 'it was started anew' : 'nobody asks any more whether it may stop';
    say('INFO', `serves again: ${why}`, { decision: 'resume' });
    return true;
  };

  const step = async (): Promise<void> => {
    // A node that is being stopped begins nothing any more; its own stop asks for what it needs.
    if (stop.begun && !(await isOver())) return;
    const { era } = record;
    lived = await files.start();
    const hindrance = await admit();
    const becomes = hindrance === undefined && !ready;
    ready = hindrance === undefined;
    reason = hindrance?.reason ?? 'ready';
    // Of a start that is over nothing is told any more: the pod may have begun anew meanwhile.
    if (record.era === era) note(hindrance);
    if (hindrance !== undefined) {
      owesTurn = true;
      tell(`not ready: ${hindrance.reason}`, hindrance.waitsFor);
    } else if (becomes) {
      told = '';
      // At once, since another node may be waiting for it.
      tidied = Number.NEGATIVE_INFINITY;
    }
    if (ready) await lookAround();
    else if (clock() - tidied >= TIDY_SECONDS) {
      tidied = clock();
      await stop.lookAtWanted();
    }
  };

  return {
    async run(signal) {
      while (!signal.aborted) {
        const begin = clock();
        try {
          await step();
        } catch (error) {
          reason = `the agent failed: ${String(error)}`;
          say('WARN', reason);
          if (!stop.begun) record.waits('agent', reason);
        }
        const pause = Math.max(ready ? READY_SECONDS : UNREADY_SECONDS, (clock() - begin) * PAUSE_FACTOR);
        await sleep(Math.min(pause, TIDY_SECONDS));
      }
    },
    status: () => ({ pod: podName, ready, reason, voters: noted ?? null, stop: stop.status(), ...record.look() }),
  };
};
