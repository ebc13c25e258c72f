// The server's process of a pod, as the machine sees it. Signals sent from here reach it as a fault would: nothing in
// the container takes part.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Pod } from './kube.ts';
import { letterOf } from './lab.ts';

/** The launcher beside it is a Java process too. */
const isServer = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('org.elasticsearch.bootstrap.Elasticsearch\0');
  } catch {
    return false; // it has just ended
  }
};

const jvm = (pod: Pod): number => {
  const group = `/sys/fs/cgroup/freezer/lab-${letterOf(pod.node)}`;
  const args = [group, '-path', `*${pod.uid}*`, '-name', 'cgroup.procs', '-exec', 'cat', '{}', '+'];
  const pid = execFileSync('find', args, { encoding: 'utf8' })
    .split('\n')
    .map(Number)
    .find((candidate) => candidate > 0 && isServer(candidate));
  if (pid === undefined) throw new Error(`no server runs in ${pod.name}`);
  return pid;
};

export const signalJvm = (pod: Pod, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void => {
  process.kill(jvm(pod), signal);
};
