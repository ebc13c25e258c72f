// Shows each node, what it is at, and what it waits for; changes nothing: tsx scripts/status.ts OVERLAY

import { command, progress, UserError } from './lib/cli.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { lookAtStatus } from './lib/cluster/status.ts';
import { statusLines, unasked } from './lib/cluster/status-table.ts';
import { targetOf } from './lib/cluster/target.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}`);
  const look = await lookAtStatus(target);
  process.stdout.write(`${statusLines(look).join('\n')}\n`);
  const silent = unasked(look);
  if (silent.length > 0)
    throw new UserError(`${silent.length} of ${look.nodes.length} nodes could not be asked: ${silent.join(', ')}`);
});
