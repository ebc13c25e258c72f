// On the kernel's own control groups, in a tree of the test's own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { engine } from '../support/needs/engine.ts';
import { root as needsRoot } from '../support/needs/machine.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { CGROUP_PARENT, removeGroups } from './cgroups.ts';

/** Version 1 has a tree for each controller, version 2 one for all. */
const controllers = (): string => {
  const root = '/sys/fs/cgroup';
  return readdirSync(root).includes('pids') ? join(root, 'pids') : root;
};

// A private engine needs root for the same groups.
suiteNeeding('the groups of the engine', [engine, needsRoot], () => {
  test('are removed, deepest first, with what a killed daemon has left running in them', async () => {
    const tree = join(controllers(), `delivery-reviews-test-${process.pid}`);
    const container = join(tree, CGROUP_PARENT, 'container');
    mkdirSync(container, { recursive: true });
    const left = spawn('sleep', ['60']);
    const ended = once(left, 'exit');
    try {
      writeFileSync(join(container, 'cgroup.procs'), String(left.pid));
      await removeGroups(tree);
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(existsSync(join(tree, CGROUP_PARENT))).toBe(false);
    } finally {
      left.kill('SIGKILL');
      rmdirSync(tree);
    }
  });
});
