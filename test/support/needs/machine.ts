// What the machine has or has not: programs that only its own package manager brings, and rights.
import { existsSync } from 'node:fs';
import { chromiumPath } from '../../../examples/dashboard/chromium.ts';
import { which } from '../../../scripts/lib/process.ts';
import type { Lack, Need } from './need.ts';

const isRoot = (): boolean => process.getuid?.() === 0;

const unless = (there: boolean, lack: Lack): Lack | undefined => (there ? undefined : lack);

export const root: Need = {
  name: 'root',
  lack: () => unless(isRoot(), { why: 'only root may do what is tested', testsAsRoot: true }),
};

export const kpt: Need = {
  name: 'kpt',
  lack: () =>
    unless(which('kpt') !== undefined, {
      why: 'not on PATH, and its Go module does not build',
      first: 'with kpt on PATH (https://github.com/kptdev/kpt/releases):',
    }),
};

export const browser: Need = {
  name: 'Chromium',
  lack: () =>
    unless(chromiumPath() !== undefined, { why: 'there is none', packages: ['chromium', 'fonts-dejavu-core'] }),
};

/** script(1) is a terminal for a command that asks. */
export const terminal: Need = {
  name: 'script',
  lack: () => unless(which('script') !== undefined, { why: 'not on PATH', packages: ['bsdutils'] }),
};

const namespacePackages: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  ip: 'iproute2',
  curl: 'curl',
};

export const networkNamespaces: Need = {
  name: 'network namespaces',
  lack: () => {
    const missing = Object.keys(namespacePackages).filter((program) => which(program) === undefined);
    if (!existsSync('/proc/net/if_inet6'))
      return { why: 'the kernel has no IPv6', first: 'on a machine with IPv6:', testsAsRoot: true };
    if (missing.length === 0 && isRoot()) return undefined;
    return {
      why: `making one needs ${[...(isRoot() ? [] : ['root']), ...missing].join(', ')}`,
      packages: [...new Set(missing.map((program) => namespacePackages[program] ?? program))],
      testsAsRoot: true,
    };
  },
};
