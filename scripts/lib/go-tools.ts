// Go tools are pinned in tools/go.mod and built into a cache outside the checkout.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import { progress, UserError } from './cli.ts';
import { cache, root, toolsModule } from './paths.ts';
import { run, which } from './process.ts';

const packageOf = (name: string, goMod: string): string => {
  const found = [...goMod.matchAll(/^(?:tool )?\t?(\S+)$/gm)]
    .map((match) => match[1] ?? '')
    .find((path) => path.replace(/\/v\d+$/, '').endsWith(`/${name}`));
  if (found === undefined) throw new Error(`tools/go.mod names no tool "${name}"`);
  return found;
};

/**
 * The path of the program that `target` (a package path) is in the Go module `module` (a folder), built first where the
 * cache lacks it. `tags`: what it can leave out, as its module says.
 */
export const goProgram = async (
  name: string,
  module: string,
  target: string,
  tags: readonly string[] = [],
): Promise<string> => {
  const key = createHash('sha256').update([target, ...tags].join(' '));
  for (const file of readdirSync(module).sort())
    if (/\.(mod|sum|go)$/.test(file)) key.update(readFileSync(join(module, file)));
  const folder = join(cache, 'tools', key.digest('hex').slice(0, 12));
  const binary = join(folder, name);
  if (existsSync(binary)) return binary;

  if (which('go') === undefined)
    throw new UserError(`${name} must be built, and that needs Go on PATH (1.26 or newer); there is none`);
  progress(`Building ${name} from ${relative(root, module)}/go.mod, once, into ${folder} (a minute or two) …`);
  mkdirSync(folder, { recursive: true });
  // Two builds at the same time must not see each other's half-written file.
  const unfinished = `${binary}.${process.pid}`;
  const options = ['-trimpath', ...(tags.length === 0 ? [] : ['-tags', tags.join(',')]), '-o', unfinished];
  const built = await run('go', ['build', ...options, target], { cwd: module, seconds: 1200 });
  if (built.code !== 0) throw new UserError(`${name} could not be built:\n${built.stderr}`);
  renameSync(unfinished, binary);
  return binary;
};

/** The path of a tool that tools/go.mod pins. */
export const goTool = (name: string): Promise<string> =>
  goProgram(name, toolsModule, packageOf(name, readFileSync(join(toolsModule, 'go.mod'), 'utf8')));
