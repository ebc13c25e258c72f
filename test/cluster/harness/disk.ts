// Gives a node of the lab a disk of its own, so that it can stand still while the machine's goes on.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../scripts/lib/process.ts';
import { lab, type NodeLetter, state } from './lab.ts';

const volumes = (node: NodeLetter): string => join(state, 'nodes', node, 'volumes');

const must = async (command: string, ...args: string[]): Promise<string> => {
  const done = await run(command, args, { seconds: 60 });
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${done.stderr.trim()}`);
  return done.stdout.trim();
};

/**
 * Before the first volume is made. The kernel knows one file system, mounted for the machine, which makes the volumes,
 * and for the node, which uses them.
 */
export const giveDisk = async (node: NodeLetter): Promise<void> => {
  const image = join(state, `disk-${node}.img`);
  await must('truncate', '--size=2G', image);
  await must('mkfs.ext4', '-q', image);
  await must('mount', '-o', 'loop', image, volumes(node));
  const device = await must('findmnt', '--noheadings', '--output', 'SOURCE', volumes(node));
  await lab(['node-exec', node, 'mount', device, volumes(node)]);
};

/** Every write waits; nothing fails. */
export const stallDisk = async (node: NodeLetter, during: () => Promise<void>): Promise<void> => {
  await must('fsfreeze', '--freeze', volumes(node));
  try {
    await during();
  } finally {
    await must('fsfreeze', '--unfreeze', volumes(node));
  }
};

/** When nothing uses it any more. */
export const takeDisk = async (node: NodeLetter): Promise<void> => {
  await lab(['node-exec', node, 'umount', '--lazy', volumes(node)]);
  await must('umount', '--lazy', volumes(node));
};

/** Whatever a run has mounted, also one that was killed: the lab could not be removed otherwise. */
export const takeDisksBack = async (): Promise<void> => {
  if (!existsSync(state)) return;
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${state}/nodes/`) && path.endsWith('/volumes'));
  for (const path of mounted) {
    await run('fsfreeze', ['--unfreeze', path], { seconds: 10 });
    await must('umount', '--lazy', path);
  }
};
