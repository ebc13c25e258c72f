// A file of a repository whose bytes are not what they were: what a disk does, or a bucket that was written to by hand.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** All data: files of shards as they were on the node, of whatever snapshot. */
export const blobsIn = (store: string): readonly string[] => {
  const blobs = filesIn(store).filter((file) => /\/__[^/]+$/.test(file) && statSync(file).size > 0);
  if (blobs.length === 0) throw new Error(`no blob in ${store}`);
  return blobs;
};

export const largestBlob = (store: string): string =>
  blobsIn(store).reduce((largest, blob) => (statSync(blob).size > statSync(largest).size ? blob : largest));

/** Turns over eight bytes in the middle; returns what mends it. */
export const flipBytes = (file: string): (() => void) => {
  const before = readFileSync(file);
  const after = Buffer.from(before);
  const middle = Math.floor(after.length / 2);
  for (let i = middle; i < Math.min(middle + 8, after.length); i += 1) after[i] = (after[i] ?? 0) ^ 0xff;
  writeFileSync(file, after);
  return () => writeFileSync(file, before);
};

export const snapshotFiles = (store: string): string[] =>
  filesIn(store).filter((file) => /\/snap-[^/]+\.dat$/.test(file));
