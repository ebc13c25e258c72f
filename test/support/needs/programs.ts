// Kubernetes' own programs, which Go builds from their modules without root.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { which } from '../../../scripts/lib/process.ts';
import { labHome, makeInLab } from '../lab-home.ts';
import type { Lack, Need } from './need.ts';

/** Where `test/lab/lab build` puts them. */
export const binaries = join(labHome, 'bin');

const isBuilt = (name: string): boolean => existsSync(join(binaries, name));

const lackOf = (...names: string[]): Lack | undefined => {
  if (process.platform !== 'linux') return { why: 'the tests start it on Linux', first: 'on a machine with Linux:' };
  if (names.every(isBuilt) || which('go') !== undefined) return undefined;
  return { why: 'it is built with Go, and there is none', first: 'with Go 1.26 or newer on PATH:' };
};

/** Without Go what is built is taken as it is; with it, lab looks whether it is of this checkout. */
const build = async (...names: string[]): Promise<void> => {
  if (which('go') === undefined) return;
  const missing = names.filter((name) => !isBuilt(name));
  await makeInLab(['build', ...names], missing.length === 0 ? undefined : `${missing.join(', ')} (some minutes)`);
};

export const apiServer: Need = {
  name: 'kube-apiserver and etcd',
  lack: () => lackOf('etcd', 'kube-apiserver'),
  make: () => build('etcd', 'kube-apiserver'),
};

export const controllerManager: Need = {
  name: 'kube-controller-manager',
  lack: () => lackOf('kube-controller-manager'),
  make: () => build('kube-controller-manager'),
};

export const coreDns: Need = {
  name: 'CoreDNS',
  lack: () => lackOf('coredns'),
  make: () => build('coredns'),
};

/** The user's own, or one that is put on the PATH of these tests. */
export const kubectl: Need = {
  name: 'kubectl',
  lack: () => (which('kubectl') === undefined ? lackOf('kubectl') : undefined),
  make: async () => {
    if (which('kubectl') !== undefined) return;
    await build('kubectl');
    process.env['PATH'] = `${process.env['PATH'] ?? ''}${delimiter}${binaries}`;
  },
};
