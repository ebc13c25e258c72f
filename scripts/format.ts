// Formats the whole checkout, or the files and folders that are named: tsx scripts/format.ts [PATH …]
import { join } from 'node:path';
import { command, UserError } from './lib/cli.ts';
import { goTool } from './lib/go-tools.ts';
import { root } from './lib/paths.ts';
import { run } from './lib/process.ts';
import { SHFMT } from './lint/checks.ts';
import { shellScripts } from './lint/files.ts';

const must = async (program: string, args: readonly string[]): Promise<void> => {
  const { code, stdout, stderr } = await run(program, args, { cwd: root, seconds: 300 });
  if (code !== 0) throw new UserError(`${stdout}${stderr}`.trim());
};

command(async () => {
  const paths = process.argv.slice(2);
  const isMeant = (file: string): boolean =>
    paths.length === 0 || paths.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
  const biome = join(root, 'node_modules/.bin/biome');
  await must(biome, ['check', '--write', '--no-errors-on-unmatched', ...(paths.length === 0 ? ['.'] : paths)]);
  const scripts = shellScripts().filter(isMeant);
  if (scripts.length > 0) await must(await goTool('shfmt'), [...SHFMT, '-w', ...scripts]);
});
