// No test is skipped without a word: there is one way to skip, and jest's run ends with what it has skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { which } from '../../../scripts/lib/process.ts';
import { typeScript } from '../../../scripts/lint/files.ts';

/** The gate itself; and the scenarios, which are another command with a rule of its own. */
const mayskip = ['test/support/needs/suite.ts', 'test/cluster/cluster.test.ts'];

const SKIPS = /\b(?:describe|test|it)\.(?:skip|todo|only|failing)\b|\b[xf](?:describe|it|test)\(/;

test('no test skips by itself', () => {
  const files = typeScript().filter((file) => file.startsWith('test/'));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => SKIPS.test(readFileSync(join(root, file), 'utf8'))).sort()).toEqual(mayskip.sort());
});

test("a run ends with what it has skipped, after jest's own summary", () => {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'));
  try {
    // A machine without kpt and without Docker.
    for (const program of ['git', 'bash', 'go']) symlinkSync(which(program) ?? program, join(bin, program));
    const args = [join(root, 'node_modules/jest/bin/jest.js'), '--runInBand', '--silent', 'test/render/kpt.test.ts'];
    const env = { ...process.env, PATH: bin, NO_COLOR: '1' };
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      env,
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('\nNot tested on this machine: '),
    });
    const list = stderr.slice(stderr.indexOf('\nNot tested on this machine: '));
    expect(stderr).toContain('\nTests: ');
    expect(list).not.toContain('\nTests: ');
    expect(list).toContain('\nNeeds kpt: not on PATH, and its Go module does not build\n');
    expect(list).toMatch(/\n +\d+ {2}test\/render\/kpt\.test\.ts › kpt fn render on the base\n/);
    expect(list).toMatch(/\nNeeds a Docker engine: none answers, and starting a private one needs \S+/);
    expect(list).toMatch(/\n {8}make test ARGS='test\/render\/kpt\.test\.ts' {3}# as root\n/);
  } finally {
    rmSync(bin, { recursive: true });
  }
}, 120_000);
