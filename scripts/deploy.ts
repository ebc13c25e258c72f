// Applies an overlay and waits until it is green: tsx scripts/deploy.ts OVERLAY
import { apply } from './lib/apply.ts';
import { checkCluster } from './lib/check.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext } from './lib/kubectl.ts';
import { renderOverlay } from './lib/prepare.ts';
import { reachHints } from './lib/reach.ts';
import { targetOf } from './lib/target.ts';
import { waitForGreen } from './lib/wait.ts';

const waitSeconds = (): number => {
  const wanted = process.env['TIMEOUT'] || '900';
  if (!/^\d+$/.test(wanted)) throw new UserError(`TIMEOUT must be a number of seconds, but is "${wanted}"`);
  return Number(wanted);
};

command(async () => {
  const seconds = waitSeconds();
  const { text, objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}, Elasticsearch nodes: ${target.replicas}`);

  const findings = await checkCluster(objects, target);
  for (const { level, message } of findings) progress(`${level.padEnd(7)} ${message}`);
  if (findings.some(({ level }) => level === 'error'))
    throw new UserError('nothing was applied: the cluster does not fit');

  await apply(text, process.env['FORCE'] === '1');
  progress(`Waiting until the cluster is green, at most ${seconds} s (Ctrl-C stops only the waiting)`);
  await waitForGreen(target, { seconds, say: progress });
  process.stdout.write(reachHints(objects, target));
});
