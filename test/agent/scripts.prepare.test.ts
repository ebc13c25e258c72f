// The init container that takes over what the agent has made.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Scripts } from './support/scripts.ts';

let pod: Scripts;
beforeEach(() => {
  pod = new Scripts();
});
afterEach(() => pod.end());

describe('the init container', () => {
  beforeEach(() => {
    pod.write('home/config/jvm.options', '-XX:+UseG1GC\n');
    pod.write('home/config/jvm.options.d/.keep', '');
    pod.write('home/config/elasticsearch.yml', 'the: image\n');
    pod.write('home/config/users', '');
    pod.write('agent/config/elasticsearch.yml', 'the: agent\n');
    pod.write('agent/config/jvm.options.d/heap.options', '-Xms1g\n');
    symlinkSync('access/users/users', pod.path('agent', 'config/users'));
    mkdirSync(pod.path('prepared'));
  });
  const prepared = (file: string): string => readFileSync(pod.path('prepared', file), 'utf8');

  test('builds the configuration of the image’s files, and the agent’s over them', async () => {
    await pod.start();
    expect(await pod.bash('prepare.sh')).toEqual({ code: 0, stdout: '', stderr: 'prepare: well\n' });
    expect(prepared('elasticsearch.yml')).toBe('the: agent\n');
    expect(prepared('jvm.options')).toBe('-XX:+UseG1GC\n');
    expect(readdirSync(pod.path('prepared/jvm.options.d')).sort()).toEqual(['.keep', 'heap.options']);
    expect(lstatSync(pod.path('prepared/users')).isSymbolicLink()).toBe(true);
    // And again, on what that left, and what was added since.
    pod.write('prepared/elasticsearch.keystore', 'x');
    expect(await pod.bash('prepare.sh')).toEqual(expect.objectContaining({ code: 0 }));
    expect(existsSync(pod.path('prepared/elasticsearch.keystore'))).toBe(false);
  });

  test('refuses to throw away what a container before it has written', async () => {
    await pod.start();
    pod.write('prepared/elasticsearch.keystore', 'x');
    for (const _ of ['first', 'second']) {
      const { code, stderr } = await pod.bash('prepare.sh');
      expect(code).toBe(1);
      expect(stderr).toContain('elasticsearch.keystore is of an init container that runs before prepare');
      expect(prepared('elasticsearch.keystore')).toBe('x');
    }
  });

  test.each(['before it deletes', 'while it deletes', 'while it copies'])(
    'goes on when it was killed %s',
    async (when) => {
      await pod.start();
      pod.write('prepared/.prepared', '');
      if (when !== 'before it deletes') pod.write('prepared/elasticsearch.yml', 'half');
      if (when === 'while it deletes') pod.write('prepared/elasticsearch.keystore', 'x');
      expect(await pod.bash('prepare.sh')).toEqual(expect.objectContaining({ code: 0 }));
      expect(prepared('elasticsearch.yml')).toBe('the: agent\n');
      expect(existsSync(pod.path('prepared/elasticsearch.keystore'))).toBe(false);
    },
  );

  test('builds it also where the container runtime has left mount points that belong to root', async () => {
    await pod.start();
    // As the runtime makes config/access/users: a folder in a folder that only root may change.
    mkdirSync(pod.path('prepared/access/users'), { recursive: true });
    chmodSync(pod.path('prepared/access'), 0o555);
    chmodSync(pod.path('prepared'), 0o777);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      execFileSync('chown', ['-R', '1000:1000', pod.folder]);
      for (const made of ['prepared', 'prepared/access', 'prepared/access/users']) chownSync(pod.path(made), 0, 0);
    }
    const { code, stderr } = await pod.bash('prepare.sh', {}, isRoot ? 1000 : undefined);
    chmodSync(pod.path('prepared/access'), 0o755);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'prepare: well\n' });
    expect(prepared('elasticsearch.yml')).toBe('the: agent\n');
  });

  test.each([
    ['empty', true],
    ['used', false],
  ])('tells the agent that the disk is %s', async (_, isEmpty) => {
    let told: boolean | undefined;
    pod.prepare = (diskIsEmpty) => {
      told = diskIsEmpty;
      return { ok: true, lines: [] };
    };
    if (!isEmpty) pod.write('home/data/_state/node-0.st', '');
    await pod.start();
    await pod.bash('prepare.sh');
    expect(told).toBe(isEmpty);
  });

  test('says why the agent refuses, at once, and leaves the folder alone', async () => {
    pod.prepare = () => ({ ok: false, lines: ['prepare: WARNING: no'] });
    await pod.start();
    pod.write('prepared/before', 'x');
    expect(await pod.bash('prepare.sh')).toEqual({ code: 1, stdout: '', stderr: 'prepare: WARNING: no\n' });
    expect(prepared('before')).toBe('x');
  });

  test('waits for an agent that starts late', async () => {
    const work = pod.bash('prepare.sh');
    await new Promise((resolve) => setTimeout(resolve, 700));
    await pod.start();
    expect(await work).toMatchObject({ code: 0, stderr: 'prepare: well\n' });
  });

  test('ends, with where to look, when no agent comes', async () => {
    expect(await pod.bash('prepare.sh', { AGENT_SECONDS: '1', HOSTNAME: 'elasticsearch-1' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'prepare: the agent does not answer (curl 7): kubectl logs elasticsearch-1 -c agent\n',
    });
  });
});
