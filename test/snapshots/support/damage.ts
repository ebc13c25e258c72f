// A file of a repository whose bytes are not what they were: what a disk does, or a bucket that was written to by hand.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The largest blob of data: a file of a shard as it was on the node. */
export const largestBlob = (store: string): string => {
  const blobs = filesIn(store).filter((file) => /\/__[^/]+$/.test(file));
  const [largest] = blobs.sort((a, b) => statSync(b).size - statSync(a).size);
  if (largest === undefined) throw new Error(`no blob in ${store}`);
  return largest;
};

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
