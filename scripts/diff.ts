// Shows what a deploy would change in the cluster: tsx scripts/diff.ts OVERLAY

import { command, progress } from './lib/cli.ts';
import { serverDiff } from './lib/cluster/apply.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const { text, objects } = await renderOverlay(process.argv[2]);
  progress(`Context ${await currentContext()}, namespace ${targetOf(objects).namespace}`);
  const changes = await serverDiff(text);
  process.stdout.write(changes);
  progress(changes === '' ? 'A deploy would change nothing' : 'A deploy would make these changes');
});
