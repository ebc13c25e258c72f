// The shards with a copy on this node, and what the others have of them.

import type { Copy, CopyState, Picture } from './picture.ts';

export interface ShardHere {
  /** INDEX/NUMBER */
  readonly name: string;
  readonly mine: CopyState;
  /** How many other copies there are or should be, in whatever state. */
  readonly others: number;
  /** How many of them can be read now, on nodes that count. */
  readonly started: number;
}

/** A copy that moves is in use where it is until its target has taken over. */
const inUse = ({ state }: Copy): boolean => state === 'STARTED' || state === 'RELOCATING';

/** Sorted by name. `counts`: whether copies on the node of that name may be relied on. */
export const shardsHere = (
  { copies, members, me }: Picture,
  counts: (name: string) => boolean = () => true,
): readonly ShardHere[] => {
  const reliable = new Set([...members.values()].filter(({ name }) => counts(name)).map(({ id }) => id));
  const here = new Map<string, { mine: CopyState; others: number; started: number }>();
  for (const { index, shard, state, node } of copies)
    if (node === me.id) here.set(`${index}/${shard}`, { mine: state, others: 0, started: 0 });
  if (here.size === 0) return [];
  for (const copy of copies) {
    if (copy.node === me.id) continue;
    const shard = here.get(`${copy.index}/${copy.shard}`);
    if (shard === undefined) continue;
    shard.others += 1;
    if (copy.node !== undefined && inUse(copy) && reliable.has(copy.node)) shard.started += 1;
  }
  return [...here].map(([name, shard]) => ({ name, ...shard })).sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** How many other copies must be in use: two, so that writes that wait for two go on, or as many as there can be. */
export const enough = ({ others, started }: ShardHere, most = 2): boolean => started >= Math.min(2, others, most);

/**
 * The only copy in use, of a shard that could have more: while this node is away nobody could read it, and a disk that
 * is lost now is the end of it. An index without other copies is always so, and comes back with its disk.
 */
export const onlyOne = ({ mine, others, started }: ShardHere): boolean =>
  others > 0 && started === 0 && (mine === 'STARTED' || mine === 'RELOCATING');

/** The first ten, for a line in a log: a name may have 255 bytes, and there may be thousands. */
export const named = (names: readonly string[]): string =>
  names.slice(0, 10).join(' ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
