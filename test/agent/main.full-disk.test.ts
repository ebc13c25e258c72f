// The program on a disk that is full: the folder that it shares with the containers of Elasticsearch.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { root as repository } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { root } from '../support/needs/machine.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { agentNode } from './support/node.ts';
import { Program } from './support/program.ts';

const untilRefused = (write: (attempt: number) => void): string => {
  for (let attempt = 0; attempt < 1000; attempt += 1)
    try {
      write(attempt);
    } catch (error) {
      return String(error);
    }
  throw new Error('the disk does not fill');
};

/** The way back is what is returned. */
const fill = (disk: string): (() => void) => {
  const filler = join(disk, 'filler');
  const file = openSync(filler, 'w');
  expect(untilRefused(() => writeSync(file, Buffer.alloc(4096)))).toContain('ENOSPC');
  closeSync(file);
  return () => rmSync(filler);
};

/** No file can be made either. */
const fillNames = (disk: string): (() => void) => {
  const name = (i: number): string => join(disk, `filler-${i}`);
  expect(untilRefused((i) => writeFileSync(name(i), ''))).toContain('ENOSPC');
  return () => {
    for (const file of readdirSync(disk)) if (file.startsWith('filler-')) rmSync(join(disk, file));
  };
};

suiteNeeding('on a full disk', [root], () => {
  let program: Program;
  let disk: string;

  beforeEach(async () => {
    await agentNode();
    program = await Program.create();
    disk = await program.startOnSmallDisk();
  }, 260_000);
  afterEach(() => program.remove());

  const probe = async (): Promise<number> =>
    (
      await run('bash', [join(repository, 'base/elasticsearch/lifecycle/ready.sh')], {
        env: { PATH: process.env['PATH'], AGENT: disk },
        seconds: 25,
      })
    ).code;
  const prepare = (): Promise<{ status: number; text: string }> => program.call('POST', '/prepare?disk=empty');

  describe.each([
    ['room', (): (() => void) => fill(disk)],
    ['room for names', (): (() => void) => fillNames(disk)],
  ])('without %s', (_, filled) => {
    test('it makes no half configuration, names the cause, and makes it when there is room', async () => {
      const empty = filled();
      const refused = await prepare();
      expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('ENOSPC') });
      expect(existsSync(join(disk, 'config'))).toBe(false);
      expect((await program.call('GET', '/health')).status).toBe(503);
      empty();
      expect((await prepare()).status).toBe(200);
      expect(existsSync(join(disk, 'config/elasticsearch.yml'))).toBe(true);
    });

    test('the readiness probe leaves no half name of a start', async () => {
      const empty = filled();
      expect(await probe()).toBe(1);
      expect(existsSync(join(disk, 'start'))).toBe(false);
      empty();
      expect(await probe()).toBe(1);
      expect(readFileSync(join(disk, 'start'), 'utf8')).toMatch(/^[0-9a-f-]{36}-\d+\n$/);
    });
  });

  test('a configuration that is there stays whole', async () => {
    expect((await prepare()).status).toBe(200);
    const before = readdirSync(join(disk, 'config')).sort();
    fill(disk);
    expect((await prepare()).status).toBe(422);
    expect(readdirSync(join(disk, 'config')).sort()).toEqual(before);
  });
});
