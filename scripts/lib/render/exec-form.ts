// The function without a container engine: kustomize runs `docker`, and finds one that runs the bundle.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { transform } from 'esbuild';
import { cache } from '../paths.ts';

/** A folder with a program `docker`, made once for each version of it. */
const engineFolder = async (): Promise<string> => {
  const source = readFileSync(join(__dirname, 'engine.ts'), 'utf8');
  const key = createHash('sha256').update(source).update(process.execPath).digest('hex').slice(0, 12);
  const folder = join(cache, 'engine', key);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const { code } = await transform(source, { loader: 'ts', format: 'cjs', platform: 'node', target: 'node20' });
  writeFileSync(join(unfinished, 'engine.cjs'), code);
  const program = `#!/bin/sh\nexec '${process.execPath.replaceAll("'", `'\\''`)}' "\${0%/*}/engine.cjs" "$@"\n`;
  writeFileSync(join(unfinished, 'docker'), program, { mode: 0o755 });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Somebody else has made the same meanwhile.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
};

/** The environment in which kustomize runs the bundle in place of the function's image. */
export const execForm = async (bundle: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> => ({
  ...env,
  PATH: [await engineFolder(), env['PATH'] ?? ''].join(delimiter),
  ELASTICSEARCH_TOPOLOGY: bundle,
});
