// One at a time, across processes: jest runs test files in parallel, and two of them must not start two engines.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning, type ProcessRecord, recordOf } from './process-record.ts';

/** Runs the work while no other process holds the lock. A holder that died does not count. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const end = Date.now() + 300_000;
  while (!taken(file)) {
    if (Date.now() > end) throw new Error(`${file} is held by another process for too long`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function taken(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(recordOf(process.pid)), { flag: 'wx' });
    return true;
  } catch {
    if (!holderRuns(file)) rmSync(file, { force: true });
    return false;
  }
}

function holderRuns(file: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord);
  } catch (error) {
    return error instanceof SyntaxError; // just being written
  }
}
