// Keys and certificates, by elasticsearch-certutil in the container beside (../scripts/certutil.sh). Where the folder
// of a request stands says how far it is: asking (being written), asked, working, answered. All of it is in memory.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, bad, good } from '../../lib/answer.ts';
import { readIfThere } from '../../lib/mounted.ts';
import type { Certutil, Pair } from './ports.ts';

const POLL_MS = 100;
/** For the container beside to begin, and to say how it ended. */
const MORE_SECONDS = 10;

export const certutilIn = (folder: string, seconds: number, left: () => number): Certutil => {
  const place = (...parts: string[]): string => join(folder, ...parts);

  const forget = async (): Promise<void> => {
    for (const part of ['asking', 'asked', 'answered']) {
      await mkdir(place(part), { recursive: true });
      for (const old of await readdir(place(part))) await rm(place(part, old), { recursive: true, force: true });
    }
  };

  const ask = async (
    name: 'ca' | 'tls',
    words: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Pair>> => {
    const id = randomUUID();
    const wait = Math.min(seconds + MORE_SECONDS, left());
    const end = performance.now() + wait * 1000;
    await forget();
    await mkdir(place('asking', id));
    for (const [file, text] of Object.entries({ arguments: `${words.join('\n')}\n`, ...files }))
      await writeFile(place('asking', id, file), text);
    await rename(place('asking', id), place('asked', id));
    try {
      let code = await readIfThere(place('answered', id, 'code'));
      while (code === undefined && performance.now() < end) {
        await sleep(POLL_MS);
        code = await readIfThere(place('answered', id, 'code'));
      }
      if (code === undefined)
        return bad('no-answer', `elasticsearch-certutil gave no answer within ${Math.ceil(wait)} s`);
      if (code.trim() !== '0') return bad('refused', await whyNot(code.trim(), place('answered', id, 'said')));
      const [certificate, key] = await Promise.all(
        ['crt', 'key'].map((ending) => readFile(place('answered', id, `${name}.${ending}`), 'utf8')),
      );
      return good({ certificate: certificate ?? '', key: key ?? '' });
    } finally {
      for (const part of ['asked', 'answered']) await rm(place(part, id), { recursive: true, force: true });
    }
  };

  const whyNot = async (code: string, file: string): Promise<string> => {
    const known: Readonly<Record<string, string>> = {
      '124': ` (it did not end within ${seconds} s)`,
      '137': ' (killed: it did not end, or had too little memory)',
    };
    const said = ((await readIfThere(file)) ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
    return `elasticsearch-certutil ended with ${code}${known[code] ?? ''}${said === '' ? '' : `: ${said}`}`;
  };

  return {
    forget,
    authority: (days, subject) => ask('ca', ['ca', String(days), subject]),
    certificate: (days, names, { certificate, key }) =>
      ask('tls', ['cert', String(days), names.join(',')], { 'ca.crt': certificate, 'ca.key': key }),
  };
};
