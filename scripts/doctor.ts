// Looks at the cluster before a deployment, and changes nothing: tsx scripts/doctor.ts OVERLAY

import { checkCluster } from './lib/check/check.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}`);
  const findings = await checkCluster(objects, target);
  for (const { level, message } of findings) process.stdout.write(`${level.padEnd(7)} ${message}\n`);
  const errors = findings.filter(({ level }) => level === 'error').length;
  if (errors > 0) throw new UserError(`${errors} of ${findings.length} checks say that this can't work`);
});
