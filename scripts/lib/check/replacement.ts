// A node whose disk is to be replaced by an empty one: may it, and what is still on it. Pure readings of answers.
import { entriesOf, fieldOf, isRecord, listOf, NotUnderstood, textOf } from '../shape.ts';

export const copiesPath = '/_cat/shards?format=json&h=index,shard,state,node';

const EXCLUDE = 'cluster.routing.allocation.exclude._name';
/** "NODE CLAIM-UID" of the disk that goes: agents keep what they note under the same prefix, and leave this alone. */
export const NOTE = 'cluster.metadata.delivery-reviews.replacing';

interface Copy {
  readonly shard: string;
  readonly started: boolean;
  readonly node: string | undefined;
}

/** A copy that moves is listed with its node, an arrow and the target; it is in use where it is. */
export const copiesIn = (answer: unknown): readonly Copy[] =>
  listOf(answer, 'the list of shards').map((copy) => {
    const state = textOf(copy, 'state');
    const node = fieldOf(copy, 'node');
    if (node !== null && typeof node !== 'string') throw new NotUnderstood('node');
    return {
      shard: `${textOf(copy, 'index')}/${textOf(copy, 'shard')}`,
      started: state === 'STARTED' || state === 'RELOCATING',
      node: node === null ? undefined : node.split(' ', 1)[0],
    };
  });

const others = (copies: readonly Copy[], node: string, shard: string): readonly Copy[] =>
  copies.filter((copy) => copy.shard === shard && copy.node !== node);

/** Shards of which nobody else has a copy in use. */
export const onlyOn = (copies: readonly Copy[], node: string): readonly string[] =>
  copies
    .filter((copy) => copy.node === node && !others(copies, node, copy.shard).some(({ started }) => started))
    .map(({ shard }) => shard);

/** Shards that are still there, and of which another of so many nodes has no copy. */
export const couldMove = (copies: readonly Copy[], node: string, nodes: number): readonly string[] =>
  copies
    .filter((copy) => copy.node === node && others(copies, node, copy.shard).length < nodes - 1)
    .map(({ shard }) => shard)
    .sort();

export interface Replacing {
  readonly node: string;
  /** Of the claim with the old disk. */
  readonly claim: string;
}

/** What an earlier run has noted and not taken back; nothing where none is under way. */
export const replacingIn = (settings: unknown): Replacing | undefined => {
  const persistent = fieldOf(settings, 'persistent');
  if (!isRecord(persistent)) throw new NotUnderstood('persistent');
  const note = persistent[NOTE];
  if (note === undefined || note === null) return undefined;
  const [node, claim, ...rest] = typeof note === 'string' ? note.split(' ') : [];
  if (node === undefined || claim === undefined || rest.length > 0) throw new NotUnderstood(NOTE);
  return { node, claim };
};

/** The settings without what a run of this command writes. */
export const withoutOurs = (settings: unknown): unknown => ({
  ...Object.fromEntries(entriesOf(settings, 'the settings')),
  persistent: Object.fromEntries(
    entriesOf(fieldOf(settings, 'persistent'), 'persistent').filter(([key]) => key !== NOTE && key !== EXCLUDE),
  ),
});

export const begins = ({ node, claim }: Replacing): object => ({
  persistent: { [EXCLUDE]: node, [NOTE]: `${node} ${claim}` },
});

export const ends = { persistent: { [EXCLUDE]: null, [NOTE]: null } };
