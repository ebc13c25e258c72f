// The checks of `make lint`: each is a program and what it is asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goTool } from '../lib/go-tools.ts';
import { root } from '../lib/paths.ts';
import { run } from '../lib/process.ts';
import { shellScripts, tracked, typeScript } from './files.ts';
import { shellcheck } from './shellcheck.ts';

/** What a check finds, as text for people; empty where all is well. */
type Check = () => Promise<string>;

const program = async (command: string, args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(command, args, { cwd: root, seconds: 900 });
  if (code === 0) return '';
  return `${stdout}${stderr}`.trim() || `${command} ended with exit code ${code}`;
};

/** A program that npm installed. */
const npm = (name: string, ...args: string[]): Promise<string> => program(join(root, 'node_modules/.bin', name), args);

const config = (name: string): string => join('scripts/lint', name);

/** As the shell scripts are formatted: two columns, `case` branches indented, a space behind a redirection. */
export const SHFMT = ['-ln', 'bash', '-i', '2', '-ci', '-sr'];

const COLUMNS = 120;

/** Characters, of which some are two in a string. */
const columns = (line: string): number => Array.from(line).length;

const longLines = (): string =>
  [...typeScript(), ...shellScripts()]
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map(columns)
        .flatMap((width, i) => (width > COLUMNS ? [`${file}:${i + 1}: ${width} columns`] : [])),
    )
    .join('\n');

const shellFindings = async (): Promise<string> => [...(await shellcheck(shellScripts())).values()].flat().join('\n');

export const checks: Readonly<Record<string, Check>> = {
  biome: () => npm('biome', 'check', '--max-diagnostics=20', '.'),
  types: () => npm('tsc'),
  oxlint: () => npm('oxlint', '-c', config('oxlint.json'), '--type-aware', '.'),
  unused: () => npm('knip', '-c', config('knip.json'), '--no-config-hints'),
  dependencies: () =>
    npm('depcruise', '--config', config('dependencies.cjs'), 'functions', 'scripts', 'test', 'examples', 'base'),
  columns: () => Promise.resolve(longLines()),
  shfmt: async () => program(await goTool('shfmt'), [...SHFMT, '-d', ...shellScripts()]),
  shellcheck: shellFindings,
  // Only what Git knows: a scenario that failed leaves the cluster's objects in a folder that Git ignores.
  yaml: () => npm('eslint', '-c', config('yaml.config.mjs'), '--no-warn-ignored', ...yamlFiles()),
  markdown: () => npm('markdownlint-cli2', '--config', config('markdown.markdownlint-cli2.yaml')),
  links: () => npm('remark', '-q', '--frail', '--no-stdout', '-r', config('remark.mjs'), ...markdown()),
};

const yamlFiles = (): string[] => tracked().filter((file) => /\.ya?ml$/.test(file));

const markdown = (): string[] => tracked().filter((file) => file.endsWith('.md'));
