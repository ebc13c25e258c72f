// The processes of a pod, as the machine sees them. Signals sent from here reach them as a fault would: nothing in the
// container takes part.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Pod } from './kube.ts';
import { letterOf } from './lab.ts';

/** Its arguments; none of one that has just ended. */
const commandOf = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
};

/** The files that list the processes of its containers; of a pod that has just begun or ended there may be none. */
const lists = (pod: Pod, controller: string): string[] => {
  const group = `/sys/fs/cgroup/${controller}/lab-${letterOf(pod.node)}`;
  // What it finds counts also where a group has vanished while it looked.
  return spawnSync('find', [group, '-path', `*${pod.uid}*`, '-name', 'cgroup.procs'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((file) => file !== '');
};

const pidsIn = (list: string): number[] => {
  try {
    return readFileSync(list, 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return []; // the container has just ended
  }
};

/** The first whose arguments are like that. */
export const findProcess = (pod: Pod, isIt: (command: readonly string[]) => boolean): number | undefined =>
  lists(pod, 'freezer')
    .flatMap(pidsIn)
    .find((pid) => isIt(commandOf(pid)));

/** The group of the machine's processors that the container of a process of the pod shares. */
export const processorGroupOf = (pod: Pod, pid: number): string => {
  const list = lists(pod, 'cpu').find((file) => pidsIn(file).includes(pid));
  if (list === undefined) throw new Error(`process ${pid} is in no group of ${pod.name}`);
  return dirname(list);
};
