import { spawnSync } from 'node:child_process';
import { goTool } from './go-tools.ts';

/**
 * What kyaml reads in each text: scalars as `["scalar", tag, value]`, or `{ "error": … }` where it is no YAML to it.
 */
export function valuesByKyaml(texts: readonly string[]): unknown[] {
  const { status, stdout, stderr } = spawnSync(goTool('kyaml-identity'), ['-json'], {
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
