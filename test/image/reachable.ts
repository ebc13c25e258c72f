// Whether a Docker engine can be had for the tests, without starting one.
import { spawnSync } from 'node:child_process';
import { which } from '../../scripts/lib/process.ts';

/** One of the user's own, or a private one that runs already. */
export const engineAnswers = (): boolean =>
  spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** What starting a private one takes, and the images that are put into it. */
const programs = ['docker', 'dockerd', 'iptables', 'debootstrap'];
export const enginePackages = ['docker.io', 'iptables', 'debootstrap'];

/** Why none can be had here; undefined if one can. */
export const whyNoEngine = (): string | undefined => {
  if (engineAnswers()) return undefined;
  const none = 'none answers, and starting a private one needs';
  if (process.getuid?.() !== 0) return `${none} root`;
  const missing = programs.filter((program) => which(program) === undefined);
  return missing.length === 0 ? undefined : `${none} ${missing.join(', ')}`;
};
