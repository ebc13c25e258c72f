// The Go program that reads and writes lists with kyaml, built when it is first needed.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const source = join(__dirname, 'kyaml-identity');

export function kyamlIdentity(): string {
  const folder = join(__dirname, '../../.cache/bench');
  const binary = join(folder, 'kyaml-identity');
  mkdirSync(folder, { recursive: true });
  const built = spawnSync('go', ['build', '-o', binary, '.'], { cwd: source, encoding: 'utf8', timeout: 540_000 });
  if (built.status !== 0) throw new Error(`kyaml-identity can not be built:\n${built.stderr || String(built.error)}`);
  return binary;
}

/** What kyaml reads in each text: scalars as `["scalar", tag, value]`, or `{ "error": … }` where it is no YAML to it. */
export function valuesByKyaml(texts: readonly string[]): unknown[] {
  const { status, stdout, stderr } = spawnSync(kyamlIdentity(), ['-json'], {
    input: texts.join('\0'),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`kyaml-identity failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
