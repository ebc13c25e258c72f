// Files of mounted ConfigMaps and Secrets. The kubelet renews all files of a volume at once, by a new folder behind the
// link "..data": files that belong together are read behind that link, or one may be older than the other.

import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** Undefined where there is none. A file that cannot be read is no missing one: that throws. */
export const readIfThere = async (...path: readonly string[]): Promise<string | undefined> => {
  try {
    return await readFile(join(...path), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const behindTheLink = async (folder: string): Promise<string> => {
  try {
    return await realpath(join(folder, '..data'));
  } catch {
    return folder; // no volume of Kubernetes
  }
};

/** Files of one moment, without the line ends that editors leave behind. */
export const readTogether = async (folder: string, ...names: readonly string[]): Promise<string[]> => {
  const read = async (): Promise<string[]> => {
    const from = await behindTheLink(folder);
    return Promise.all(names.map(async (name) => (await readFile(join(from, name), 'utf8')).replace(/[\r\n]+$/, '')));
  };
  try {
    return await read();
  } catch {
    // The folder that the link named a moment ago is taken away when it is renewed.
    return await read();
  }
};
