// One step towards leaving for good, from one picture of the cluster.

import {
  exclusions,
  marked,
  markVotes,
  moved,
  type Still,
  VOTES,
  voteGivenUp,
  votesLeftBehind,
} from './decommission.ts';
import { type Place, stays } from './members.ts';
import { EXCLUDE_NAME, NOTES } from './parse.ts';
import type { Picture } from './picture.ts';
import type { World } from './ports.ts';
import { rememberVoters } from './remember-voters.ts';
import type { Asked, TurnKeeper } from './turn-keeper.ts';
import { parseVoters, type Voters } from './voters.ts';
import { type WaitFor, waitsForAnswer } from './watched.ts';

const VOTE_SECONDS = 20;

export type Step =
  /** `anyway`: although it should wait. */
  | { readonly go: true; readonly message: string; readonly anyway?: true }
  /** `again`: look again at once, without a pause. */
  | { readonly go: false; readonly waitsFor: WaitFor; readonly reason: string; readonly again?: boolean };

export const waiting = (waitsFor: WaitFor, reason: string, again = false): Step => ({
  go: false,
  waitsFor,
  reason,
  again,
});
const notYet = (waitsFor: WaitFor, reason: string): Step => waiting(waitsFor, `leaving for good: ${reason}`);

/** Remembers, between the steps of one stop, what a picture alone does not tell. */
export interface Decommission {
  still: Still | undefined;
  /** Votes that this stop gave up, by name or id: its marks are written again where one got lost. */
  gaveUp: readonly string[];
}

export const beginDecommission = (): Decommission => ({ still: undefined, gaveUp: [] });

/** `ask`: for the turn, with this picture. */
export const stepDecommission = async (
  world: World,
  keeper: TurnKeeper,
  memory: Decommission,
  picture: Picture,
  place: Place,
  ask: () => Promise<Asked>,
): Promise<Step> => {
  const { elasticsearch, clock, waits, say } = world;
  const changes = exclusions(picture, place);
  if (changes.size > 0) {
    memory.still = undefined;
    const done = await elasticsearch.changeSettings(changes);
    if (!done.ok) return notYet(waitsForAnswer(done.trouble), `cannot keep new shards away from here: ${done.detail}`);
    say('INFO', `keeps new shards away from: ${changes.get(EXCLUDE_NAME) ?? 'no node'}`, { decision: 'exclude' });
    return waiting('move', 'leaving for good: keeps new shards away from here', true);
  }
  const health = await elasticsearch.health(false);
  if (!health.ok) {
    memory.still = undefined;
    return notYet(waitsForAnswer(health.trouble), `no answer about the cluster (${health.trouble})`);
  }
  const move = moved(picture, health.value, place, memory.still, clock(), waits.READY_STALL_SECONDS);
  if (!move.done) {
    memory.still = move.still;
    await keeper.withdraw();
    return waiting('move', move.reason);
  }
  // Another node that restarts counts on this one's vote, and on a copy that stays behind here.
  const turn = await ask();
  if (!turn.held) return waiting(turn.waitsFor, turn.reason, turn.again);
  const vote = await giveUpVotes(world, memory, picture, place);
  if (vote !== undefined) return vote;
  if (move.behind.length === 0 && voteGivenUp(picture)) await keeper.endStop();
  await rememberVoters(world.kubernetes, picture);
  return { go: true, message: 'the data has moved, the vote is given up' };
};

/** undefined: by this picture nothing is left to do. */
async function giveUpVotes(
  world: World,
  memory: Decommission,
  picture: Picture,
  place: Place,
): Promise<Step | undefined> {
  const { podName, elasticsearch, say } = world;
  const unmarked = memory.gaveUp.filter((name) => !marked(picture, VOTES).includes(name));
  if (unmarked.length > 0) {
    const done = await elasticsearch.changeSettings(markVotes(picture, unmarked));
    return done.ok
      ? waiting('vote', 'leaving for good: marks the votes that it gave up', true)
      : notYet('vote', done.detail);
  }
  const excluded = picture.votesGivenUp.some(({ id, name }) => id === picture.me.id || name === podName);
  if (!excluded) {
    // The mark comes first: an exclusion without one is a person's, and is never taken back.
    const mark = await elasticsearch.changeSettings(markVotes(picture, [podName]));
    if (!mark.ok) return notYet('vote', `the vote cannot be given up yet: ${mark.detail}`);
    memory.gaveUp = [...new Set([...memory.gaveUp, podName])];
    const done = await elasticsearch.giveUpVote(podName, VOTE_SECONDS);
    if (done.ok) {
      say('INFO', 'gave up its vote', { decision: 'give-up-vote' });
      return waiting('vote', 'leaving for good: gives up its vote', true);
    }
    // More leave than Elasticsearch has places for exclusions: then a majority that stays is enough.
    if (done.trouble === 'refused' && majorityStays(picture, place)) return undefined;
    return notYet('vote', `the vote cannot be given up yet: ${done.detail}`);
  }
  if (voteGivenUp(picture)) return undefined;
  const left = votesLeftBehind(picture, await remembered(world), place);
  const given = new Set(picture.votesGivenUp.map(({ id }) => id));
  const more = left.filter((id) => !given.has(id));
  if (more.length === 0) return notYet('quorum', 'the voters that are here would be no majority without this node');
  const mark = await elasticsearch.changeSettings(markVotes(picture, more));
  if (!mark.ok) return notYet('vote', `the votes of nodes that are gone cannot be given up yet: ${mark.detail}`);
  memory.gaveUp = [...new Set([...memory.gaveUp, ...more])];
  const done = await elasticsearch.giveUpVotesOf(more, VOTE_SECONDS);
  if (!done.ok) return notYet('vote', `the votes of nodes that are gone cannot be given up yet: ${done.detail}`);
  say('INFO', `gave up the votes of nodes that are gone for good: ${more.join(' ')}`, { decision: 'give-up-vote' });
  return waiting('vote', 'leaving for good: gives up the votes of nodes that are gone for good', true);
}

/**
 * For a node that leaves although it should wait. Its data comes back with its disk, but nobody else can give up this
 * vote, without which no master may ever be elected. With its mark where there can be one: else it stands for ever.
 */
export const giveUpVoteAnyway = async ({ podName, elasticsearch }: World, last: Picture | undefined): Promise<void> => {
  const now = await elasticsearch.picture();
  const picture = now.ok ? now.value : last;
  const mark = picture === undefined ? new Map([[NOTES + VOTES, podName]]) : markVotes(picture, [podName]);
  if (mark.size > 0) await elasticsearch.changeSettings(mark);
  await elasticsearch.giveUpVote(podName, VOTE_SECONDS);
};

const majorityStays = ({ voters, members, me }: Picture, place: Place): boolean =>
  voters.filter((id) => id !== me.id && members.has(id) && stays(members.get(id)?.name ?? '', place)).length * 2 >
  voters.length;

const remembered = async ({ kubernetes }: World): Promise<Voters | undefined> => {
  const formed = await kubernetes.formed();
  return formed.ok ? parseVoters(formed.value.voters) : undefined;
};
