// Erases every review of one customer, and proves that none is left: tsx scripts/erase.ts OVERLAY
// Asks for the customer's id, or reads it from its standard input, and hands it on over the standard input of a pod
// that is there for this erasure alone: so it is in no argument, no variable, no object, no URL and no log.
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { readCustomer } from './lib/erase/customer.ts';
import { erase } from './lib/erase/job.ts';
import { renderOverlay } from './lib/render/prepare.ts';
import { stillHeld } from './lib/snapshots/still-held.ts';

const startSeconds = (): number => {
  const wanted = process.env['TIMEOUT'] || '300';
  if (!/^\d+$/.test(wanted)) throw new UserError(`TIMEOUT must be a number of seconds, but is "${wanted}"`);
  return Number(wanted);
};

command(async () => {
  const seconds = startSeconds();
  const { objects } = await renderOverlay(process.argv[2]);
  const { namespace } = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${namespace}: erases every review of one customer`);
  const customer = await readCustomer();
  const ending = new AbortController();
  // From here on there is something to remove, whoever wants this to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
  const { proof, isGone } = await erase({
    namespace,
    customer,
    startSeconds: seconds,
    say: progress,
    signal: ending.signal,
  });
  process.stdout.write(`${proof}\n${stillHeld(objects, new Date())}`);
  if (!isGone) process.exitCode = 1;
});
