import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bashScripts, labSource } from './bash.ts';

const installed = spawnSync('shellcheck', ['--version']).status === 0;

// In CI it must be there; elsewhere its absence shows as a skipped test.
(installed || process.env['CI'] === 'true' ? describe : describe.skip)('shellcheck', () => {
  test.each(bashScripts().map((path) => [relative(labSource, path), path]))('has nothing to say about %s', (_, path) => {
    // --external-sources: `lab` names the parts that it loads, so that they are checked as the one program that they are
    const done = spawnSync('shellcheck', ['--external-sources', path], { cwd: labSource, encoding: 'utf8', timeout: 60_000 });
    expect({ status: done.status, found: done.stdout }).toEqual({ status: 0, found: '' });
  });
});
