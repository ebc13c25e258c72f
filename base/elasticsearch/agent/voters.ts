// The nodes that vote, as ConfigMap elasticsearch-formed remembers them while no node runs. A cluster that comes back
// from nothing with fewer nodes than a majority of them can never elect a master: the others' votes are on disks that
// do not come back. So a start is refused where that is known, instead of a cluster that hangs without a word.

import { ordinalOf, type Place, stays } from './members.ts';
import type { Picture } from './picture.ts';

/** From a voter's id to its name; the name is '' for a voter that is no member and was never seen. */
export type Voters = ReadonlyMap<string, string>;

/** Written as "ID=NAME,ID=NAME", sorted, so that equal ones are equal texts. */
export const formatVoters = (voters: Voters): string =>
  [...voters]
    .map(([id, name]) => `${id}=${name}`)
    .sort()
    .join(',');

/** Some hundred voters. What is longer no agent has written, and it gets into lines of the log. */
const LONGEST = 16_384;

/** undefined for what is not written so: nothing is known then, and nothing is refused for it. */
export const parseVoters = (written: string | undefined): Voters | undefined => {
  if (written === undefined || written === '' || written.length > LONGEST) return undefined;
  const voters = new Map<string, string>();
  for (const part of written.trim().split(',')) {
    const at = part.indexOf('=');
    if (at <= 0) return undefined;
    voters.set(part.slice(0, at), part.slice(at + 1));
  }
  return voters;
};

/** Those that vote now, by the names of the members, or as they were remembered while they were members. */
export const votersOf = ({ voters, members }: Picture, remembered: Voters | undefined): Voters =>
  new Map(voters.map((id) => [id, members.get(id)?.name ?? remembered?.get(id) ?? '']));

/**
 * Why the wanted pods cannot elect a master, in words for the person who scaled; undefined where they can, or nothing
 * is known. Voters of other names than our pods' may well be there, and are counted as such.
 */
export const cannotElect = (remembered: Voters | undefined, place: Place): string | undefined => {
  if (remembered === undefined || remembered.size === 0) return undefined;
  const missing = [...remembered.values()].filter((name) => !stays(name, place));
  if ((remembered.size - missing.length) * 2 > remembered.size) return undefined;
  const last = Math.max(...missing.map((name) => ordinalOf(name, place.set) ?? 0));
  return (
    `of the ${remembered.size} nodes that vote in this cluster, ${missing.sort().join(', ')} are not wanted now, and ` +
    `the rest is no majority: without them no master can ever be elected. Scale to ${last - place.first + 1} first, ` +
    `wait until the cluster is green, and then down: only so the votes and the data move`
  );
};
