// Looks at the cluster before a deployment, and at the nodes that run already; changes nothing:
// tsx scripts/doctor.ts OVERLAY

import { checkCluster } from './lib/check/check.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { lookAtStatus } from './lib/cluster/status.ts';
import { statusLines } from './lib/cluster/status-table.ts';
import { type Target, targetOf } from './lib/cluster/target.ts';
import { renderOverlay } from './lib/render/prepare.ts';

/** What runs already, as `make status` shows it. No finding: nodes that wait keep no overlay from being applied. */
const showNodes = async (target: Target): Promise<void> => {
  try {
    const look = await lookAtStatus(target);
    if (look.nodes.length > 0 || look.wanted !== undefined) process.stdout.write(`\n${statusLines(look).join('\n')}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    progress(`The nodes could not be looked at: ${error.message}`);
  }
};

command(async () => {
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}`);
  const findings = await checkCluster(objects, target);
  for (const { level, message } of findings) process.stdout.write(`${level.padEnd(7)} ${message}\n`);
  await showNodes(target);
  const errors = findings.filter(({ level }) => level === 'error').length;
  if (errors > 0) throw new UserError(`${errors} of ${findings.length} checks say that this can't work`);
});
