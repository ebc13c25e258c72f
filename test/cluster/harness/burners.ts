// Programs that want a processor all the time, in the place of a container or of a whole Kubernetes node.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const burner = (group: string): ChildProcess => {
  const child = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
  if (child.pid === undefined) throw new Error('nothing can be started');
  writeFileSync(join(group, 'cgroup.procs'), String(child.pid));
  return child;
};

/** Starts so many in a group of processors; what it returns ends them. */
export const burnIn = (group: string, count: number): (() => void) => {
  const children: ChildProcess[] = [];
  const end = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  try {
    while (children.length < count) children.push(burner(group));
  } catch (error) {
    end();
    throw error;
  }
  return end;
};

/** Gives a group the smallest share that there is; what it returns gives the old one back. */
export const starve = (group: string): (() => void) => {
  const file = join(group, 'cpu.shares');
  const before = readFileSync(file, 'utf8').trim();
  writeFileSync(file, '2');
  return () => writeFileSync(file, before);
};

export interface Scheduled {
  readonly ranMs: number;
  /** For how long it could have run, and got no processor. */
  readonly waitedMs: number;
}

/** Of the main thread of a process, since it was started. */
export const scheduled = (pid: number): Scheduled => {
  const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').trim().split(' ').map(Number);
  return { ranMs: Math.round(ran / 1e6), waitedMs: Math.round(waited / 1e6) };
};
