// Where the test bed keeps what it has built: test/lab/lib/common.sh says the same.
import { join } from 'node:path';
import { progress } from '../../scripts/lib/cli.ts';
import { cache, root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';

export const labHome =
  process.env['LAB_HOME'] || (process.getuid?.() === 0 ? '/var/cache/delivery-reviews-lab' : join(cache, 'lab'));

/** Most of it is Kubernetes, whose API server alone takes a small machine minutes. */
const MAKE_SECONDS = 3_600;

/** A suite's own first hook may have to make things first. */
export const MAKE_MS = MAKE_SECONDS * 1_000;

/**
 * Runs the part of test/lab that makes things, each once and as any user. What else runs on the machine goes first.
 * `what` is said where something is to be made.
 */
export const makeInLab = async (args: readonly string[], what: string | undefined): Promise<void> => {
  if (what !== undefined) progress(`Making ${what}, once, in ${labHome} …`);
  const done = await run('nice', ['-n', '19', join(root, 'test/lab/lab'), ...args], {
    // Tests of single programs take them from the release that the lab has by default, whichever is asked for.
    env: { ...process.env, LAB_HOME: labHome, KUBERNETES: '' },
    seconds: MAKE_SECONDS,
  });
  if (done.code !== 0) throw new Error(`lab ${args.join(' ')} failed with ${done.code}:\n${done.stderr.slice(-3000)}`);
};
