import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { withLock } from './lock.ts';
import { recordOf } from './process-record.ts';

describe('a lock between processes', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lock-'));
    file = join(directory, 'lock');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('is waited for until its holder is done', async () => {
    const events: string[] = [];
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));
    const work = (name: string) => (): Promise<void> =>
      withLock(file, async () => {
        events.push(`${name} begins`);
        await pause();
        events.push(`${name} ends`);
      });
    await Promise.all([work('one')(), work('two')()]);
    expect(events).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  test('is free again after a failure, which is passed on', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(file)).toBe(false);
  });

  test('of a process that died is taken over', async () => {
    writeFileSync(file, JSON.stringify({ ...recordOf(process.pid), started: '1' }));
    await expect(withLock(file, () => Promise.resolve('done'))).resolves.toBe('done');
  });
});
