// The function's bundle, built again only when its sources are newer.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { progress, UserError } from '../cli.ts';
import { bundle, functionSources, root } from '../paths.ts';
import { run } from '../process.ts';

const changed = (file: string): number => statSync(file).mtimeMs;

const isCurrent = (): boolean => {
  if (!existsSync(bundle)) return false;
  const sources = readdirSync(functionSources, { recursive: true, encoding: 'utf8' })
    .map((file) => join(functionSources, file))
    .concat(join(functionSources, '../build.mts'), join(root, 'package-lock.json'));
  return sources.every((file) => changed(file) <= changed(bundle));
};

export const buildBundle = async (): Promise<void> => {
  if (isCurrent()) return;
  progress('Building the function …');
  const built = await run('npm', ['run', '--silent', 'build'], { cwd: root, seconds: 120 });
  if (built.code !== 0) throw new UserError(`the function could not be built:\n${built.stdout}${built.stderr}`);
};
