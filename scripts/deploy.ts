// Applies an overlay and waits until it is green: tsx scripts/deploy.ts OVERLAY

import { checkCluster } from './lib/check/check.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { apply } from './lib/cluster/apply.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { reachHints } from './lib/cluster/reach.ts';
import { targetOf } from './lib/cluster/target.ts';
import { waitForGreen } from './lib/cluster/wait.ts';
import { waitSeconds } from './lib/cluster/wait-seconds.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const seconds = waitSeconds();
  // Before all else: whoever sees the wrong one stops here.
  progress(`Context ${await currentContext()}`);
  const { text, objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Namespace ${target.namespace}, Elasticsearch nodes: ${target.replicas}`);

  const findings = await checkCluster(objects, target);
  for (const { level, message } of findings) progress(`${level.padEnd(7)} ${message}`);
  if (findings.some(({ level }) => level === 'error'))
    throw new UserError('nothing was applied: the cluster does not fit');

  await apply(text, process.env['FORCE'] === '1');
  progress(`Waiting until the cluster is green, at most ${seconds} s (Ctrl-C stops only the waiting)`);
  await waitForGreen(target, { seconds, say: progress });
  process.stdout.write(reachHints(objects, target));
});
