// The Go programs of the benchmark and the comparison with kyaml, built when they are first needed.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export type GoTool = 'kyaml-identity' | 'measure';

export function goTool(name: GoTool): string {
  const folder = join(__dirname, '../../.cache/bench');
  const binary = join(folder, name);
  mkdirSync(folder, { recursive: true });
  const options = { cwd: __dirname, encoding: 'utf8', timeout: 540_000 } as const;
  const { status, stderr, error } = spawnSync('go', ['build', '-o', binary, `./${name}`], options);
  if (status !== 0) throw new Error(`${name} can not be built:\n${stderr || String(error)}`);
  return binary;
}
