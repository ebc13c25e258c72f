// Scripts that run in pods are short and must have no surprises.
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { run, which } from '../../scripts/lib/process.ts';

const scripts = ['base', 'components', 'overlays', '.ci'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /^#!.*\b(?:ba)?sh\n/.test(readFileSync(file, 'utf8'))),
);

(which('shellcheck') !== undefined || process.env['CI'] === 'true' ? describe : describe.skip)('shellcheck', () => {
  test.each(scripts.map((file) => file.slice(root.length + 1)))('finds nothing in %s', async (file) => {
    const done = await run('shellcheck', ['--external-sources', file], { cwd: root, seconds: 60 });
    expect(done).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
