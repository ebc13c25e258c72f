// The control groups of the private engine's containers: under a name of its own, so that everything in them is ours.
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

export const CGROUP_PARENT = 'delivery-reviews-docker';
const ROOT = '/sys/fs/cgroup';
const PATIENCE_SECONDS = 10;

/**
 * Ends what still runs in the groups and removes them. A daemon that had to be killed leaves containers behind; the
 * kernel frees a group a moment after its last process. One that stays busy is named on stderr: it is empty and
 * harmless, and no reason for the next engine not to start.
 */
export async function removeGroups(root: string = ROOT): Promise<void> {
  const end = Date.now() + PATIENCE_SECONDS * 1000;
  let left = groups(root);
  while (left.length > 0 && Date.now() < end) {
    for (const pid of left.flatMap(processes)) kill(pid);
    left = left.filter((group) => !removed(group));
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (left.length > 0) console.error(`still busy, and left: ${left.join(', ')}`);
}

/** Deepest first: a group with another in it can't be removed. Version 1 has a tree for each controller. */
function groups(root: string): readonly string[] {
  return ['', ...readdirSync(root)]
    .map((controller) => join(root, controller, CGROUP_PARENT))
    .filter((group) => existsSync(group))
    .flatMap(withChildren);
}

function withChildren(group: string): string[] {
  const children = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap(({ name }) => withChildren(join(group, name))), group];
}

function processes(group: string): number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return []; // gone meanwhile
  }
}

/** Pid 0 is a process that this one's namespace can't see. */
function kill(pid: number): void {
  if (pid <= 1 || pid === process.pid) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}
