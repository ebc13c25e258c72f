// Copies that no node can take for now. Elasticsearch puts no copy on a node of an older version than that of its
// primary's node, which may have written what the older one cannot read: NodeVersionAllocationDecider. So in the middle
// of an upgrade a cluster may rightly stay yellow, until another node has the new version.
// https://www.elastic.co/docs/deploy-manage/upgrade/deployment-or-cluster/elasticsearch

import type { Copy, Member, Picture } from './picture.ts';

type Version = readonly number[];

/** Nothing where it is written in another way: then nobody can tell what is older. */
const versionOf = (text: string | undefined): Version | undefined => {
  const [, ...parts] = /^(\d+)\.(\d+)\.(\d+)(?:-.*)?$/.exec(text ?? '') ?? [];
  return parts.length === 3 ? parts.map(Number) : undefined;
};

const isOlder = (one: Version, other: Version): boolean => {
  const at = one.findIndex((part, i) => part !== other[i]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
};

/** Of one shard, whose copies these are; `members` with the versions as they were understood. */
const withoutPlace = (copies: readonly Copy[], members: ReadonlyMap<string, Version | undefined>): number => {
  const from = copies.find(({ primary, state }) => primary && (state === 'STARTED' || state === 'RELOCATING'));
  const version = from?.node === undefined ? undefined : members.get(from.node);
  if (version === undefined) return 0;
  const holders = new Set(copies.map(({ node }) => node));
  const others = [...members].filter(([id]) => !holders.has(id));
  const tooOld = others.filter(([, theirs]) => theirs !== undefined && isOlder(theirs, version)).length;
  if (tooOld === 0) return 0;
  const unassigned = copies.filter(({ state }) => state === 'UNASSIGNED').length;
  return Math.max(0, unassigned - (others.length - tooOld));
};

/**
 * How many unassigned copies of each of these shards (INDEX/NUMBER) no member can take, because all that could are too
 * old. A node whose version is not understood could take one.
 */
export const heldBackByVersion = (picture: Picture, shards: readonly string[]): ReadonlyMap<string, number> => {
  const of = new Map<string, Copy[]>(shards.map((name) => [name, []]));
  if (of.size === 0) return new Map();
  for (const copy of picture.copies) of.get(`${copy.index}/${copy.shard}`)?.push(copy);
  const members = new Map([...picture.members].map(([id, { version }]: [string, Member]) => [id, versionOf(version)]));
  return new Map([...of].map(([name, copies]) => [name, withoutPlace(copies, members)]));
};
