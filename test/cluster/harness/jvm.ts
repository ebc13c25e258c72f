// The server's process of a pod.
import type { Pod } from './kube.ts';
import { findProcess } from './processes.ts';

/** The launcher beside it is a Java process too. */
const isServer = (command: readonly string[]): boolean =>
  command.some((argument) => argument.endsWith('org.elasticsearch.bootstrap.Elasticsearch'));

export const findJvm = (pod: Pod): number | undefined => findProcess(pod, isServer);

export const signalJvm = (pod: Pod, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void => {
  const pid = findJvm(pod);
  if (pid === undefined) throw new Error(`no server runs in ${pod.name}`);
  process.kill(pid, signal);
};
