// A node whose disk is to be replaced by an empty one: may it, and what is still on it. Pure readings of answers.
import { NotUnderstood } from '../shape.ts';
import { byShard, type Copy, isServing, type Settings } from './answers.ts';
import { REPLACING } from './leftovers.ts';

const EXCLUDE = 'cluster.routing.allocation.exclude._name';

/** Shards that this node has a copy of, by what the others are like. */
const shardsOn = (
  copies: readonly Copy[],
  node: string,
  test: (others: readonly Copy[]) => boolean,
): readonly string[] =>
  [...byShard(copies)].flatMap(([shard, all]) => {
    const others = all.filter((copy) => copy.node !== node);
    return others.length < all.length && test(others) ? [shard] : [];
  });

/** Shards of which nobody else has a copy in use. */
export const onlyOn = (copies: readonly Copy[], node: string): readonly string[] =>
  shardsOn(copies, node, (others) => !others.some(isServing));

/** Shards that are still there, and of which another of so many nodes has no copy. */
export const couldMove = (copies: readonly Copy[], node: string, nodes: number): readonly string[] =>
  [...shardsOn(copies, node, (others) => others.length < nodes - 1)].sort();

/** Large ones take their time: as long as one is on its way, nothing stands still. */
export const isLeaving = (copies: readonly Copy[], node: string): boolean =>
  copies.some((copy) => copy.node === node && copy.state === 'RELOCATING');

export interface Replacing {
  readonly node: string;
  /** Uid of the claim with the old disk. */
  readonly claim: string;
}

/** What an earlier run has noted and not taken back; nothing where none is under way. */
export const replacingIn = ({ persistent }: Settings): Replacing | undefined => {
  const note = persistent.get(REPLACING);
  if (note === undefined) return undefined;
  const [node, claim, ...rest] = note.split(' ');
  if (node === undefined || claim === undefined || claim === '' || rest.length > 0)
    throw new NotUnderstood(`${REPLACING} is "${note}"`);
  return { node, claim };
};

/** The settings without what a run of this command writes. */
export const withoutOurs = (settings: Settings): Settings => ({
  ...settings,
  persistent: new Map([...settings.persistent].filter(([key]) => key !== REPLACING && key !== EXCLUDE)),
});

export const begins = ({ node, claim }: Replacing): object => ({
  persistent: { [EXCLUDE]: node, [REPLACING]: `${node} ${claim}` },
});

export const ends = { persistent: { [EXCLUDE]: null, [REPLACING]: null } };
