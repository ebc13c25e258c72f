// Before a restart of the elected master: it resigns in favour of another node when it has no vote. The others then
// lose a member, without an election. A service to them, not a condition: what fails here is said, and the node stops
// as master.

import { markVotes, VOTES } from './decommission.ts';
import { NOTES } from './parse.ts';
import type { Picture } from './picture.ts';
import type { World } from './ports.ts';
import { exclusionName } from './tidy.ts';

const VOTE_SECONDS = 10;

/** `picture`: with this node as the master, read while it has the turn. Bounded: a few requests, and the blind time. */
export const handOver = async (
  world: World,
  picture: Picture,
  tell: (reason: string, outcome: 'success' | 'failure') => void,
): Promise<void> => {
  const { podName, elasticsearch, clock, sleep, waits } = world;
  // Clearing gives back everybody's vote, so not while others have given up theirs.
  if (picture.votesGivenUp.length > 0) return tell('stops as the elected master: voting exclusions stand', 'failure');
  const mark = await elasticsearch.changeSettings(markVotes(picture, [podName]));
  if (!mark.ok) return tell(`stops as the elected master: ${mark.detail}`, 'failure');
  const given = await elasticsearch.giveUpVote(podName, VOTE_SECONDS);
  if (!given.ok) return tell(`stops as the elected master: ${given.detail}`, 'failure');
  const end = clock() + waits.PRE_STOP_BLIND_SECONDS;
  let master: string | undefined;
  do {
    const answer = await elasticsearch.master();
    master = answer.ok ? answer.value.id : undefined;
    if (master !== undefined && master !== picture.me.id) break;
    await sleep(0.2);
  } while (clock() < end);
  const name = (master && picture.members.get(master)?.name) ?? master ?? 'nobody';
  tell(`handed the cluster over to ${name}`, name === 'nobody' || name === podName ? 'failure' : 'success');
  await giveVoteBack(world);
};

/** The vote is needed again after the restart; what fails here is made up for by tidy. */
async function giveVoteBack({ podName, elasticsearch }: World): Promise<void> {
  const now = await elasticsearch.picture();
  if (!now.ok || now.value.votesGivenUp.length === 0) return;
  if (now.value.votesGivenUp.some((exclusion) => exclusionName(exclusion) !== podName)) return;
  const cleared = await elasticsearch.clearVotingExclusions();
  if (!cleared.ok) return;
  const rest = (now.value.settings.notes.get(VOTES) ?? '').split(',').filter((name) => name !== '' && name !== podName);
  await elasticsearch.changeSettings(new Map([[NOTES + VOTES, rest.length === 0 ? null : rest.join(',')]]));
}
