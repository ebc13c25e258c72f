// Calls of the function: in this process, and as the bundle that users run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from '../../../functions/elasticsearch-topology/src/run.ts';

export const bundle = join(__dirname, '../../../functions/elasticsearch-topology/dist/elasticsearch-topology.cjs');

export interface Called {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function call(input: string | Buffer): Called {
  const { code, stdout, stderr } = run(typeof input === 'string' ? Buffer.from(input) : input);
  return {
    code,
    stdout: Buffer.concat([...stdout]).toString(),
    stderr: stderr.map((line) => `${line}\n`).join(''),
  };
}

export function callBundle(input: string | Buffer): Called {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: 120_000,
  });
  return { code: status, stdout, stderr };
}
