// Renews the committed manifests of dev and prod: tsx scripts/rendered.ts
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, progress } from './lib/cli.ts';
import { renderedFiles, renderedFolder, renderedOverlays } from './lib/render/committed.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  for (const overlay of renderedOverlays) {
    // The two forms give the same bytes; the exec form works on every machine.
    const files = renderedFiles(overlay, (await renderOverlay(overlay, 'exec')).text);
    const folder = renderedFolder(overlay);
    // An object that is no more leaves no file behind.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    progress(`Wrote rendered/${overlay}, ${files.size - 1} objects`);
  }
});
