// A directory as the entries of an image layer, in an order that does not depend on the file system.

import type { Stats } from 'node:fs';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TarEntry } from './tar.ts';

export interface LayerEntry extends TarEntry {
  /** Where the content is read from. */
  readonly source: string;
}

/** Owners and modes are kept. Sockets, pipes and devices are left out: a container gets its own /dev. */
export function* layerEntries(root: string): Generator<LayerEntry> {
  yield* entriesBelow(root, '', new Map());
}

function* entriesBelow(root: string, directory: string, seen: Map<string, string>): Generator<LayerEntry> {
  for (const name of readdirSync(join(root, directory)).sort()) {
    const path = directory === '' ? name : `${directory}/${name}`;
    const source = join(root, path);
    const stats = lstatSync(source);
    const entry = entryOf(path, source, stats, seen);
    if (entry === undefined) continue;
    yield entry;
    if (entry.kind === 'directory') yield* entriesBelow(root, path, seen);
  }
}

function entryOf(path: string, source: string, stats: Stats, seen: Map<string, string>): LayerEntry | undefined {
  const common = { path, source, mode: stats.mode, uid: stats.uid, gid: stats.gid, size: 0, target: '' };
  if (stats.isDirectory()) return { ...common, kind: 'directory' };
  if (stats.isSymbolicLink()) return { ...common, kind: 'symlink', mode: 0o777, target: readlinkSync(source) };
  if (!stats.isFile()) return undefined;
  const first = firstName(path, stats, seen);
  return first === undefined
    ? { ...common, kind: 'file', size: stats.size }
    : { ...common, kind: 'hardlink', target: first };
}

/** The name under which this file is in the layer already. */
function firstName(path: string, stats: Stats, seen: Map<string, string>): string | undefined {
  if (stats.nlink === 1) return undefined;
  const inode = `${stats.dev}:${stats.ino}`;
  const first = seen.get(inode);
  if (first === undefined) seen.set(inode, path);
  return first;
}
