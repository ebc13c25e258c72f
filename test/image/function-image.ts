// The function's image, built with its real Dockerfile.

import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { functionImage } from '../../scripts/lib/render/form.ts';
import { loadBases } from './bases.ts';
import { dockerfile } from './dockerfile.ts';
import { type Engine, startEngine } from './engine.ts';

/** An engine that has the image, as the sources are now. */
export async function functionImageReady(): Promise<Engine & { readonly image: string }> {
  const engine = await startEngine();
  if (engine.isPrivate) await loadBases(engine);
  const image = functionImage();
  const built = await run('docker', ['build', '--tag', image, '--file', dockerfile, '.'], {
    cwd: root,
    env: engine.env,
    seconds: 590,
  });
  if (built.code !== 0) throw new Error(`docker build failed:\n${built.stdout}\n${built.stderr}`);
  return { ...engine, image };
}
