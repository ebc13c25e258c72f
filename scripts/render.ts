// Prints an overlay's manifests: tsx scripts/render.ts OVERLAY
import { command } from './lib/cli.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const { text } = await renderOverlay(process.argv[2]);
  process.stdout.write(text);
});
