// The folder that the agent shares with Elasticsearch's containers, as it is.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ownFiles } from '../../base/elasticsearch/agent/own-files.ts';
import type { Files } from '../../base/elasticsearch/agent/ports.ts';

const one = '6b0e8f0a-36c5-4a0f-9f0e-6d1c1b3f7a11-4711';
const two = '6b0e8f0a-36c5-4a0f-9f0e-6d1c1b3f7a11-4999';

let folder: string;
let files: Files;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-files-'));
  mkdirSync(join(folder, 'formed'));
  files = ownFiles(folder, join(folder, 'formed'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the name of a start', () => {
  test('is what the probe wrote', async () => {
    expect(await files.start()).toBeUndefined();
    writeFileSync(join(folder, 'start'), `${one}\n`);
    expect(await files.start()).toBe(one);
  });

  test.each(['', '\n', '../../etc/passwd', '.', 'a/b-1', `${one} `.repeat(2), '-'])(
    'is none where it is %j',
    async (text) => {
      writeFileSync(join(folder, 'start'), text);
      expect(await files.start()).toBeUndefined();
      expect(await files.admitted(text)).toBe(false);
      await expect(files.admit(text)).rejects.toThrow('no name of a start');
    },
  );
});

test('the name of a start that is over is forgotten, also where there is none', async () => {
  writeFileSync(join(folder, 'start'), `${one}\n`);
  await files.forgetStart();
  expect(await files.start()).toBeUndefined();
  await files.forgetStart();
});

describe('an admitted start', () => {
  test('is the only one, and stays so for another process of the agent', async () => {
    expect(await files.admitted(one)).toBe(false);
    await files.admit(one);
    expect(await ownFiles(folder, folder).admitted(one)).toBe(true);
    await files.admit(two);
    expect([await files.admitted(one), await files.admitted(two)]).toEqual([false, true]);
    expect(readdirSync(join(folder, 'admitted'))).toEqual([two]);
    expect(existsSync(join(folder, 'admitted.new'))).toBe(false);
  });

  test('that cannot be written is none, and is said', async () => {
    writeFileSync(join(folder, 'admitted'), 'a file in the place of the folder');
    await expect(files.admit(one)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(await files.admitted(one)).toBe(false);
  });
});

describe('the known cluster', () => {
  test('is what is mounted, or none', async () => {
    expect(await files.knownCluster()).toBeUndefined();
    writeFileSync(join(folder, 'formed/cluster_uuid'), '\n');
    expect(await files.knownCluster()).toBeUndefined();
    writeFileSync(join(folder, 'formed/cluster_uuid'), 'uuid\n');
    expect(await files.knownCluster()).toBe('uuid');
  });

  test('that cannot be read is not none: that would let a second cluster in', async () => {
    mkdirSync(join(folder, 'formed/cluster_uuid'));
    await expect(files.knownCluster()).rejects.toThrow('EISDIR');
  });
});
