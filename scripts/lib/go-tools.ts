// Go tools are pinned in tools/go.mod and built into a cache outside the checkout.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { progress, UserError } from './cli.ts';
import { cache, toolsModule } from './paths.ts';
import { run, which } from './process.ts';

const packageOf = (name: string, goMod: string): string => {
  const found = [...goMod.matchAll(/^(?:tool )?\t?(\S+)$/gm)]
    .map((match) => match[1] ?? '')
    .find((path) => path.replace(/\/v\d+$/, '').endsWith(`/${name}`));
  if (found === undefined) throw new Error(`tools/go.mod names no tool "${name}"`);
  return found;
};

/** The path of a tool's binary, built first where the cache lacks it. */
export const goTool = async (name: string): Promise<string> => {
  const goMod = readFileSync(join(toolsModule, 'go.mod'), 'utf8');
  const goSum = readFileSync(join(toolsModule, 'go.sum'), 'utf8');
  const key = createHash('sha256').update(goMod).update(goSum).digest('hex').slice(0, 12);
  const folder = join(cache, 'tools', key);
  const binary = join(folder, name);
  if (existsSync(binary)) return binary;

  if (which('go') === undefined)
    throw new UserError(`${name} must be built, and that needs Go on PATH (1.26 or newer); there is none`);
  progress(`Building ${name} from tools/go.mod, once, into ${folder} (a minute or two) …`);
  mkdirSync(folder, { recursive: true });
  // Two builds at the same time must not see each other's half-written file.
  const unfinished = `${binary}.${process.pid}`;
  const built = await run('go', ['build', '-trimpath', '-o', unfinished, packageOf(name, goMod)], {
    cwd: toolsModule,
    seconds: 1200,
  });
  if (built.code !== 0) throw new UserError(`${name} could not be built:\n${built.stderr}`);
  renameSync(unfinished, binary);
  return binary;
};
