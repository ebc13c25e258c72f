// Leaving for good: what is here moves to nodes that stay, and the vote is given up. Pure steps; stop.ts carries them
// out.

import { byOrdinal, ordinalOf, type Place, stays } from './members.ts';
import { EXCLUDE_NAME, NOTES } from './parse.ts';
import type { Picture } from './picture.ts';
import type { Health } from './ports.ts';
import { enough, named, type ShardHere, shardsHere } from './shards.ts';
import type { Voters } from './voters.ts';

/** Marks: names that agents, and nobody else, have excluded from allocation, or taken the vote of. With commas. */
export const DECOMMISSIONING = 'decommissioning';
export const VOTES = 'votes';

export const marked = ({ settings }: Picture, mark: string): readonly string[] =>
  (settings.notes.get(mark) ?? '').split(',').filter((name) => name !== '');

export const joined = (names: readonly string[]): string | null => (names.length === 0 ? null : names.join(','));

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(',') === b.join(',');

/**
 * The exclusions from allocation as they should be: what an administrator wrote, in the order in which it stands, and
 * all pods that leave. The same from each that leaves, so that it does not matter who writes last.
 */
export const exclusions = (picture: Picture, place: Place): ReadonlyMap<string, string | null> => {
  const ours = marked(picture, DECOMMISSIONING);
  const { excluded } = picture.settings;
  const foreign = excluded.filter((name) => !ours.includes(name));
  const present = [...picture.members.values()].map(({ name }) => name);
  const leaving = [...new Set(present)].filter((name) => !stays(name, place)).sort(byOrdinal(place.set));
  // A name that somebody else excluded already stays theirs.
  const mine = leaving.filter((name) => !foreign.includes(name));
  return same(excluded, [...foreign, ...mine]) && same(ours, mine) ? new Map() : excluding(foreign, mine);
};

/**
 * Names and their marks always in one request, also where only one of them changes: of two that write at once the last
 * one's pair stands, and no name is left that looks as if a person had written it.
 */
export const excluding = (foreign: readonly string[], mine: readonly string[]): ReadonlyMap<string, string | null> =>
  new Map([
    [EXCLUDE_NAME, joined([...foreign, ...mine])],
    [NOTES + DECOMMISSIONING, joined(mine)],
  ]);

/** When a picture of copies that fit nowhere else was first seen as it is. */
export interface Still {
  readonly shards: string;
  readonly since: number;
}

export type Move =
  | { readonly done: true; readonly behind: readonly string[] }
  | { readonly done: false; readonly reason: string; readonly still: Still | undefined };

/**
 * Has everything moved? A copy that fits nowhere else may stay behind, when enough others stay, all nodes that it could
 * go to are there, and nothing has moved for `stallSeconds`: `behind` names those. `still`: as this function gave it
 * last.
 */
export const moved = (
  picture: Picture,
  health: Health,
  place: Place,
  still: Still | undefined,
  now: number,
  stallSeconds: number,
): Move => {
  const { excluded, excludedForNow } = picture.settings;
  if (excludedForNow !== undefined && !excludedForNow.includes(picture.me.name))
    return wait(
      `a transient ${EXCLUDE_NAME} (${named(excludedForNow)}) hides the one that moves shards away from here`,
    );
  if (!(excludedForNow ?? excluded).includes(picture.me.name))
    return wait('new shards are not kept away from here yet');
  const here = shardsHere(picture, (name) => stays(name, place));
  if (here.length === 0) return { done: true, behind: [] };
  const shards = here.map(({ name, mine }) => `${name} ${mine}`).join('\n');
  const reason = `${here.length} shards are still here: ${named(here.map(({ name }) => name))}`;
  const ofOurs = [...picture.members.values()].filter(
    ({ name }) => ordinalOf(name, place.set) !== undefined && stays(name, place),
  );
  const moving = health.relocating + health.initializing;
  const mayStay = here.every((shard) => fitsNowhereElse(shard, place.replicas));
  if (!mayStay || moving > 0 || ofOurs.length < place.replicas || still?.shards !== shards)
    return wait(reason, { shards, since: now });
  if (now - still.since < stallSeconds) return wait(reason, still);
  return { done: true, behind: here.map(({ name }) => name) };
};

const wait = (reason: string, still?: Still): Move => ({ done: false, reason: `leaving for good: ${reason}`, still });

/** An index without other copies is never left behind: here its disk does not come back. */
const fitsNowhereElse = (shard: ShardHere, replicas: number): boolean =>
  shard.others > 0 && shard.mine !== 'RELOCATING' && enough(shard, replicas);

/**
 * Has every shard that is here a copy in use on a node that stays? The disk does not come back: so an index without
 * other copies counts, too.
 */
export const leavesNothingBehind = (picture: Picture, place: Place): boolean =>
  shardsHere(picture, (name) => stays(name, place)).every(({ started }) => started > 0);

/** Is the vote given up, and are the voters that are here a majority of those that are left? */
export const voteGivenUp = ({ voters, members, me }: Picture): boolean =>
  !voters.includes(me.id) && voters.filter((id) => members.has(id)).length * 2 > voters.length;

/**
 * Voters that left for good without a word, since they could not run their hook: not members, and remembered as pods of
 * ours that are not wanted any more. Nobody else will ever give up their votes.
 */
export const votesLeftBehind = (picture: Picture, remembered: Voters | undefined, place: Place): readonly string[] =>
  picture.voters.filter((id) => {
    const name = remembered?.get(id);
    return !picture.members.has(id) && name !== undefined && name !== '' && !stays(name, place);
  });

/** The mark to write before votes are given up: names, and ids of those that have no name any more. */
export const markVotes = (picture: Picture, more: readonly string[]): ReadonlyMap<string, string | null> => {
  const before = marked(picture, VOTES);
  const all = [...new Set([...before, ...more])];
  return new Map(all.length === before.length ? [] : [[NOTES + VOTES, joined(all)]]);
};
