// Scripts that run in pods are short and must have no surprises; those of the lab run as root on somebody's machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { shellScripts } from '../../scripts/lint/files.ts';
import { shellcheck } from '../../scripts/lint/shellcheck.ts';

const scripts = shellScripts();

describe('ShellCheck', () => {
  let found: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    found = await shellcheck(scripts);
  }, 1_200_000);

  test('is shown the scripts of the pods and of the lab', () => {
    expect(scripts.filter((script) => script.startsWith('base/')).length).toBeGreaterThan(2);
    expect(scripts).toContain('test/lab/lab');
  });

  test.each(scripts)('finds nothing in %s', (script) => {
    expect(found.get(script)).toEqual([]);
  });

  test('finds an unquoted variable', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shellcheck-'));
    const script = join(folder, 'wrong');
    writeFileSync(script, '#!/bin/bash\nrm $1\n');
    expect((await shellcheck([script])).get(script)).toEqual([expect.stringMatching(/:2:4: .*\[SC2086\]$/)]);
    rmSync(folder, { recursive: true });
  }, 300_000);
});
