// The copies of all shards, from the routing table of a cluster state.

import {
  entries,
  field,
  flag,
  type JsonObject,
  list,
  Misshapen,
  must,
  object,
  optionalText,
  text,
} from '../../lib/json.ts';
import type { Copy, CopyState, Member } from './picture.ts';

/** Name to state. An index that was closed long ago by an old version has no shards; every other one has. */
export function readIndices(metadata: JsonObject): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  const indices = field(metadata, 'indices');
  if (indices === undefined) return states;
  for (const [name, index] of entries(indices, 'metadata.indices')) {
    const state = text(field(object(index, `metadata.indices.${name}`), 'state'), `metadata.indices.${name}.state`);
    must(state === 'open' || state === 'close', () => `metadata.indices.${name}.state is ${state}`);
    states.set(name, state);
  }
  return states;
}

export function readCopies(
  table: unknown,
  states: ReadonlyMap<string, string>,
  members: ReadonlyMap<string, Member>,
): readonly Copy[] {
  const copies: Copy[] = [];
  const seen = new Set<string>();
  const indices = table === undefined ? undefined : field(object(table, 'routing_table'), 'indices');
  for (const [index, value] of indices === undefined ? [] : entries(indices, 'routing_table.indices')) {
    const shards = entries(field(object(value, index), 'shards'), `${index}.shards`);
    must(shards.length > 0, () => `${index} has no shards`);
    for (const [number, entry] of shards) readShard(index, number, entry, members, copies);
    must(states.has(index), () => `${index} has shards, and is no index`);
    seen.add(index);
  }
  for (const [index, state] of states)
    must(state === 'close' || seen.has(index), () => `the shards of ${index} are missing`);
  return copies;
}

/**
 * Appends the copies of one shard. Texts for a message are made only when one is needed: there may be 30,000 copies.
 */
function readShard(
  index: string,
  number: string,
  entry: unknown,
  members: ReadonlyMap<string, Member>,
  copies: Copy[],
): void {
  const shard = Number(number);
  must(Number.isSafeInteger(shard) && shard >= 0 && String(shard) === number, () => `${index} has a shard ${number}`);
  let primaries = 0;
  for (const value of list(entry, index)) {
    const copy = object(value, index);
    const node = optionalText(field(copy, 'node'), index);
    const state = copyState(field(copy, 'state'), index);
    const primary = flag(field(copy, 'primary'), index);
    if (primary) primaries += 1;
    must(Object.hasOwn(copy, 'node'), () => `a copy of ${index}/${number} has no field "node"`);
    must(
      (node === undefined) === (state === 'UNASSIGNED'),
      () => `a copy of ${index}/${number} is ${state} on ${node}`,
    );
    must(
      node === undefined || members.has(node),
      () => `a copy of ${index}/${number} is on ${node}, which is no member`,
    );
    copies.push({ index, shard, state, node, primary });
  }
  must(primaries === 1, () => `${index}/${number} has ${primaries} primaries`);
}

function copyState(value: unknown, at: string): CopyState {
  if (value === 'STARTED' || value === 'RELOCATING' || value === 'INITIALIZING' || value === 'UNASSIGNED') return value;
  throw new Misshapen(`the state of a copy of ${at} is none that is known`);
}
