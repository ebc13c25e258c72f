// Renews the committed manifests of dev and prod: tsx scripts/rendered.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, progress } from './lib/cli.ts';
import { root } from './lib/paths.ts';
import { renderedFile, renderedOverlays } from './lib/render/committed.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  mkdirSync(join(root, 'rendered'), { recursive: true });
  for (const overlay of renderedOverlays) {
    // The two forms give the same bytes; the exec form works on every machine.
    const { file, content } = renderedFile(overlay, (await renderOverlay(overlay, 'exec')).text);
    writeFileSync(join(root, file), content);
    progress(`Wrote ${file}`);
  }
});
