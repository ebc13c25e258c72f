// No bash that the tests and scripts start reads the user's ~/.bashrc: what stands there may write, wait, or fail.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { typeScript } from '../../scripts/lint/files.ts';
import { Pod } from '../kibana/support/place.ts';
import { bashCommand } from './bash.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
  writeFileSync(join(home, '.bashrc'), 'touch ~/was-read\n');
});
afterEach(() => rmSync(home, { recursive: true }));

/** As CI starts a program: no shell around it. */
const env = () => ({ PATH: process.env['PATH'] ?? '', HOME: home });
const wasRead = (): boolean => existsSync(join(home, 'was-read'));

test('bash reads it where Node.js gives it a pipe and a command', () => {
  spawnSync('bash', ['-c', 'true'], { env: env() });
  expect(wasRead()).toBe(true);
});

test('a command of the scripts does not', async () => {
  expect(await run('bash', ['-c', 'echo done'], { env: env() })).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(wasRead()).toBe(false);
});

test('a piece of bash of the tests does not, and gets its words', () => {
  const [bash, ...words] = bashCommand('echo "$1 $2"', 'a', 'b');
  expect(execFileSync(bash, words, { env: env(), encoding: 'utf8' })).toBe('a b\n');
  expect(wasRead()).toBe(false);
});

test("the container of Kibana's test does not", async () => {
  const pod = new Pod();
  try {
    pod.start({ HOME: home }, bashCommand('exec "$@"'));
    await pod.until(() => pod.events().includes('listening'));
    expect(wasRead()).toBe(false);
  } finally {
    pod.remove();
  }
});

test('a recipe of make does not', () => {
  const makefile = join(home, 'Makefile');
  const settings = readFileSync(join(root, 'Makefile'), 'utf8').match(/^\.?SHELL(?:FLAGS)? := .*$/gm) ?? [];
  writeFileSync(makefile, `${settings.join('\n')}\nall:\n\t@echo done; true\n`);
  // With `set -u` Debian's /etc/bash.bashrc fails before the user's is read, and says so.
  expect(spawnSync('make', ['-f', makefile], { env: env(), encoding: 'utf8' })).toMatchObject({
    stdout: 'done\n',
    stderr: '',
  });
  expect(wasRead()).toBe(false);
});

test('who starts programs without `run` takes the words from here', () => {
  const withCommand = /(['"])bash\1,\s*\[?\s*(['"])-\w*c\2/;
  const found = typeScript().filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return text.includes("from 'node:child_process'") && withCommand.test(text);
  });
  // The one above, which shows what would happen.
  expect(found).toEqual(['test/support/bash.test.ts']);
});
