// Kubernetes' own controllers beside an API server of the tests: they make pods and claims of a StatefulSet, own claims
// as its retention policy says, and delete what has no owner any more. There is no kubelet: pods stay pending.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from './api-server.ts';
import { binaries } from './needs/programs.ts';

const program = join(binaries, 'kube-controller-manager');

const controllers = [
  'garbage-collector-controller',
  'namespace-controller',
  'persistentvolumeclaim-protection-controller',
  'statefulset-controller',
];

/** `more`: controllers beside those. The result ends it, if it has not ended with the API server's process already. */
export const startControllerManager = (server: ApiServer, more: readonly string[] = []): (() => Promise<void>) => {
  const kubeconfig = join(server.folder, 'controller-manager');
  writeFileSync(kubeconfig, server.kubeconfig());
  const args = [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${[...controllers, ...more].join(',')}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'KILL', 'nice', '-n', '5', program, ...args], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  return () => {
    child.kill('SIGKILL');
    return ended;
  };
};
