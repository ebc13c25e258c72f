// Renews the committed manifests of every overlay: tsx scripts/rendered.ts
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, progress } from './lib/cli.ts';
import { root } from './lib/paths.ts';
import { renderedFiles, renderedFolder } from './lib/render/committed.ts';
import { listOverlays } from './lib/render/overlays.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const all = new Map<string, ReadonlyMap<string, string>>();
  // The two forms of the function give the same bytes; the exec form works on every machine.
  for (const overlay of listOverlays(root))
    all.set(overlay, renderedFiles(overlay, (await renderOverlay(overlay, 'exec')).text));
  // An object or an overlay that is no more leaves no file behind.
  rmSync(renderedFolder(), { recursive: true, force: true });
  for (const [overlay, files] of all) {
    mkdirSync(renderedFolder(overlay), { recursive: true });
    for (const [name, text] of files) writeFileSync(join(renderedFolder(overlay), name), text);
    progress(`Wrote rendered/${overlay}, ${files.size - 1} objects`);
  }
});
