// Shows what a deploy would change in the cluster: tsx scripts/diff.ts OVERLAY
import { serverDiff } from './lib/apply.ts';
import { command, progress } from './lib/cli.ts';
import { currentContext } from './lib/kubectl.ts';
import { renderOverlay } from './lib/prepare.ts';
import { targetOf } from './lib/target.ts';

command(async () => {
  const { text, objects } = await renderOverlay(process.argv[2]);
  progress(`Context ${await currentContext()}, namespace ${targetOf(objects).namespace}`);
  const changes = await serverDiff(text);
  process.stdout.write(changes);
  progress(changes === '' ? 'A deploy would change nothing' : 'A deploy would make these changes');
});
