// May this node be away for the time of a restart?

import { ordinalOf, type Place } from './members.ts';
import type { Picture } from './picture.ts';
import { enough, named, onlyOne, type ShardHere, shardsHere } from './shards.ts';
import { heldBackByVersion } from './versions.ts';
import type { WaitFor } from './watched.ts';

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly waitsFor: WaitFor; readonly reason: string };

const no = (waitsFor: WaitFor, reason: string): Verdict => ({ ok: false, waitsFor, reason });

/** Are the voters that are members, without this node, a majority of the voters? */
const quorumWithoutMe = ({ voters, members, me }: Picture): boolean =>
  voters.filter((id) => id !== me.id && members.has(id)).length * 2 > voters.length;

/**
 * How many nodes the cluster has or should have: what is wanted, where somebody can tell, those that have not left yet,
 * and those whose votes still count, wherever they are.
 */
export const sizeOf = ({ members, voters }: Picture, place: Place | undefined, set: string): number =>
  Math.max(
    place?.replicas ?? 0,
    voters.length,
    [...members.values()].filter(({ name }) => ordinalOf(name, set) !== undefined).length,
  );

/**
 * Without those that only wait for a copy which no node can take before the next one has the new version: this one may
 * be that node. But never without those of which this node has the only copy in use.
 */
const stillLacking = (picture: Picture, lacking: readonly ShardHere[]): readonly ShardHere[] => {
  const heldBack = heldBackByVersion(
    picture,
    lacking.map(({ name }) => name),
  );
  return lacking.filter((shard) => {
    const possible = shard.others - (heldBack.get(shard.name) ?? 0);
    return !enough({ ...shard, others: Math.max(possible, Math.min(1, shard.others)) });
  });
};

/**
 * `size`: how many nodes the cluster should have. Two can never do without one of them as a majority, so of two only
 * the copies are waited for; a single one cannot be spared at all, however long it waits.
 */
export const canBeSpared = (picture: Picture, size: number): Verdict => {
  if (size <= 1) return { ok: true };
  if (size > 2 && !quorumWithoutMe(picture))
    return no('quorum', 'waiting: without this node the voters that are here are no majority');
  const lacking = stillLacking(
    picture,
    shardsHere(picture).filter((shard) => !enough(shard)),
  );
  if (lacking.length > 0)
    return no('copies', `waiting: too few other started copies of ${named(lacking.map(({ name }) => name))}`);
  return { ok: true };
};

/**
 * What would be harmed if this node stopped now, at least. For ends of waits that nothing can be learned in any more.
 */
export const harmless = (picture: Picture, size: number): boolean =>
  (size <= 2 || quorumWithoutMe(picture)) && !shardsHere(picture).some(onlyOne);
