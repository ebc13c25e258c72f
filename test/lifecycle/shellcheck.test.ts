import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);

const isShell = (file: string): boolean => {
  if (/\.(ts|json|ya?ml|md|go|java|mod|sum)$/.test(file)) return false;
  if (file.endsWith('.sh')) return true;
  const [first = ''] = readFileSync(join(root, file), 'utf8').split('\n', 1);
  return /^#!.*\b(ba)?sh\b/.test(first);
};

const scripts = tracked.filter((file) => {
  try {
    return isShell(file);
  } catch {
    return false; // deleted, and not committed yet
  }
});

/** A library looks as if its names were unused, and as if it did not stop at the first error: the script that sources it says `set -e`. */
const libraries = 'test/lab/lib/';

const shellcheck = (args: readonly string[], input?: string): { code: number | null; findings: string } => {
  const options = ['--shell=bash', '--external-sources', '--source-path=SCRIPTDIR', '--severity=info', '--format=gcc'];
  const done = spawnSync('shellcheck', [...options, ...args], { cwd: root, encoding: 'utf8', ...(input === undefined ? {} : { input }) });
  if (done.error !== undefined) throw new Error(`shellcheck must be on PATH (Debian package shellcheck): ${done.error.message}`);
  return { code: done.status, findings: done.stdout + done.stderr };
};

test('the scripts are found', () => {
  expect(scripts).toEqual(expect.arrayContaining(['base/elasticsearch/lifecycle/pre-stop.sh', 'base/credentials/scripts/credentials.sh', 'test/lab/lab']));
});

test.each(scripts)('shellcheck finds nothing in %s', (file) => {
  const allowed = file.startsWith(libraries) ? ['--exclude=SC2034,SC2012,SC2015,SC2164'] : [];
  expect(shellcheck([...allowed, file])).toEqual({ code: 0, findings: '' });
}, 60_000);

test('shellcheck finds an unquoted variable', () => {
  expect(shellcheck(['-'], '#!/bin/bash\nrm $1\n').findings).toContain('SC2086');
});
