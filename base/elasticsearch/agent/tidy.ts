// What agents wrote for a time and nobody needs any more. The elected master's agent takes it back; what a person
// wrote, it leaves. Elasticsearch clears voting exclusions only all at once.

import { DECOMMISSIONING, excluding, joined, marked, VOTES } from './decommission.ts';
import { ordinalOf, type Place, stays } from './members.ts';
import { NOTES } from './parse.ts';
import type { Picture, VotingExclusion } from './picture.ts';
import { TURN } from './turn.ts';

export interface Litter {
  /** Settings to write, in one request; may be empty. */
  readonly changes: ReadonlyMap<string, string | null>;
  /** Clear the voting exclusions; `changes` only after that, since they hold the marks by which these are known. */
  readonly clearVotes: boolean;
  /** Voting exclusions that no agent wrote, for the log. While one stands, none can be cleared. */
  readonly foreignVotes: readonly string[];
}

const NOTHING: Litter = { changes: new Map(), clearVotes: false, foreignVotes: [] };

const ABSENT = '_absent_';
export const exclusionName = ({ id, name }: VotingExclusion): string => (name === ABSENT ? id : name);

/** `place` undefined: nobody can tell who is wanted, so nothing is litter. */
export const findLitter = (picture: Picture, place: Place | undefined): Litter => {
  if (place === undefined || picture.master !== picture.me.id) return NOTHING;
  const present = new Set([...picture.members.values()].map(({ name }) => name));
  const isLeaving = (name: string): boolean => present.has(name) && !stays(name, place);
  const changes = new Map<string, string | null>();

  const ours = marked(picture, DECOMMISSIONING);
  const still = ours.filter(isLeaving);
  if (still.length !== ours.length) {
    const foreign = picture.settings.excluded.filter((name) => !ours.includes(name));
    for (const [key, value] of excluding(foreign, still)) changes.set(key, value);
  }

  const votes = marked(picture, VOTES);
  const given = picture.votesGivenUp.map(exclusionName);
  const foreignVotes = given.filter((name) => !votes.includes(name));
  const clearVotes = given.length > 0 && foreignVotes.length === 0 && !given.some(isLeaving);
  // A mark stands before its exclusion: one of a node that is about to give up its vote is none to take away.
  const rest = votes.filter((name) => isLeaving(name) || (given.includes(name) && !clearVotes));
  if (rest.length !== votes.length) changes.set(NOTES + VOTES, joined(rest));

  for (const key of picture.settings.notes.keys()) {
    if (!key.startsWith(TURN)) continue;
    const pod = key.slice(TURN.length);
    if (ordinalOf(pod, place.set) !== undefined && !stays(pod, place) && !present.has(pod))
      changes.set(NOTES + key, null);
  }
  return { changes, clearVotes, foreignVotes };
};
