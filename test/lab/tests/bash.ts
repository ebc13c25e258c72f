// Runs a piece of bash with parts of the lab loaded, as `lab` itself loads them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bashCommand } from '../../support/bash.ts';

const labSource = resolve(__dirname, '..');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `parts` are names below lib/; $HERE is an empty folder of this call, and so is LAB_HOME. */
export function bash(parts: readonly string[], script: string): Ran {
  const here = mkdtempSync(join(tmpdir(), 'lab-test-'));
  try {
    const loading = ['common', ...parts].map((part) => `. "$LAB_SRC/lib/${part}.sh"`);
    const env = { ...process.env, KUBERNETES: '', LAB_SRC: labSource, LAB_HOME: here, HERE: here };
    const lines = ['set -euo pipefail', ...loading, 'cd "$HERE"', script];
    const [command, ...words] = bashCommand(lines.join('\n'));
    const done = spawnSync(command, words, {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { code: done.status ?? 1, out: done.stdout.trim(), err: done.stderr.trim() };
  } finally {
    rmSync(here, { recursive: true, force: true });
  }
}
