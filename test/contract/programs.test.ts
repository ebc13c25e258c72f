// The list of the programs that the image must have is the scripts' own: neither one too few nor one that nobody calls.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { needed } from './checks/image.ts';

/** Those that run in the image of Elasticsearch. */
const folders = ['elasticsearch/lifecycle', 'credentials/scripts'];

/** Called as the command of a container, by `timeout`, and by people whom a program tells to. */
const calledElsewhere = ['bash', 'elasticsearch-certutil', 'elasticsearch-reset-password'];

/** Named in texts only. */
const told = ['kubectl'];

/** Where a command may stand. It finds words of texts, too: only what is a program of this machine counts. */
const command = new RegExp(
  [
    /(?<=(?:^|[|&;({`!]|\b(?:then|do|else|if|elif|until|while)\b)\s*)/,
    /(?:[A-Za-z_]\w*=(?:"[^"]*"|\S*)\s+)*([a-z][\w-]*)(?=[\s;)|]|$)/,
  ]
    .map(({ source }) => source)
    .join(''),
  'gm',
);

const words = async (script: string): Promise<string[]> =>
  (await run('bash', ['-c', script], { env: { PATH: '/usr/bin:/bin' }, seconds: 20 })).stdout.split('\n');

test('the programs that scripts need are those that they call', async () => {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, 'base', folder))
      .filter((file) => file.endsWith('.sh'))
      .map((file) => readFileSync(join(root, 'base', folder, file), 'utf8')),
  );
  const text = files
    .join('\n')
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\\n\s*/g, ' ');
  const own = [...text.matchAll(/^\s*([\w-]+)\(\)/gm)].map(([, name = '']) => name);
  const known = new Set([...(await words('compgen -c')), ...needed]);
  for (const name of [...own, ...(await words('compgen -bk')), ...told]) known.delete(name);
  const called = [...text.matchAll(command)].map(([, name = '']) => name).filter((name) => known.has(name));
  expect(new Set([...called, ...calledElsewhere])).toEqual(new Set(needed));
});
