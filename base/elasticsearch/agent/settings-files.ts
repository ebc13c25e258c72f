// The files of settings that make elasticsearch.yml: one after the other, in the order of their names. A setting that
// is given twice is refused here, where the files are known: Elasticsearch refuses it only where both are written
// alike, by the number of a line in the file that we made, and otherwise takes the last one without a word.

import { Refused } from '../../lib/environment.ts';
import { type Key, NotUnderstood, yamlKeys } from './yaml-keys.ts';

export interface SettingsFile {
  readonly name: string;
  readonly text: string;
}

/** What is added at the end, in the place of a file's name. */
const ADDED = 'what the agent adds';

interface Placed extends Key {
  readonly file: string;
}

const place = ({ file, line }: Placed): string => (file === ADDED ? file : `${file} (line ${line})`);

const keysOf = ({ name, text }: SettingsFile): readonly Placed[] => {
  try {
    return yamlKeys(text).map((key) => ({ ...key, file: name }));
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new Refused(
      `${name}, line ${error.line}: ${error.message} is not understood, so nobody can tell whether a setting is ` +
        `given twice. Write settings as "some.name: value", nested, or as lists`,
    );
  }
};

/** All keys; refuses the first that is there twice. */
const checked = (files: readonly SettingsFile[]): readonly Placed[] => {
  const keys = files.flatMap(keysOf);
  const seen = new Map<string, Placed>();
  for (const key of keys) {
    // Files are one mapping together; of nested ones each is its own.
    const within = key.mapping === 0 ? 'all' : `${key.file}:${key.mapping}`;
    const names = [`${within} ${key.written}`, ...(key.value === undefined ? [] : [`setting ${key.path}`])];
    for (const name of names) {
      const other = seen.get(name);
      if (other !== undefined)
        throw new Refused(
          `${key.path} is given twice, in ${place(other)} and in ${place(key)}: ` +
            'Elasticsearch would refuse it, or take one of the two without a word',
        );
      seen.set(name, key);
    }
  }
  return keys;
};

/** The one file; an overlay's files may lack the last line end. */
export const joined = (files: readonly SettingsFile[], added: readonly string[]): string => {
  const ours = { name: ADDED, text: `${added.join('\n')}\n` };
  checked([...files, ours]);
  return `${files.map(({ text }) => `${text}\n`).join('')}# Added by the agent\n${ours.text}`;
};

/** Does a test cluster do without memory mapping? */
export const isWithoutMmap = (files: readonly SettingsFile[]): boolean =>
  checked(files).some(({ path, value }) => path === 'node.store.allow_mmap' && /^(["']?)false\1$/.test(value ?? ''));
