import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { main, patiently } from '../../../functions/elasticsearch-topology/src/process.ts';
import { longList } from '../../bench/lists.ts';
import { bundle, call } from '../support/call.ts';
import { examples } from '../support/examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'process-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the function over three files; one can be opened in a way that fails. */
function ran(input: Uint8Array | string, outFlags = 'w', stdin?: string): Ran {
  const [inPath, outPath, errPath] = ['in', 'out', 'err'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(inPath, input);
  writeFileSync(outPath, '');
  const files = [openSync(stdin ?? inPath, 'r'), openSync(outPath, outFlags), openSync(errPath, 'w')] as const;
  const code = main(...files);
  files.forEach((file) => closeSync(file));
  return { code, stdout: readFileSync(outPath, 'utf8'), stderr: readFileSync(errPath, 'utf8') };
}

describe('The process', () => {
  test('writes the list and exits with 0, or with 1 and the errors', () => {
    for (const { input } of examples()) expect(ran(input)).toEqual(call(input));
  });

  test('reads and writes more than fits in one piece', () => {
    const text = longList(500);
    expect(text.length).toBeGreaterThan(300_000);
    expect(ran(text)).toEqual(call(text));
  });

  test('at a terminal says how to use it', () => {
    const { code, stdout, stderr } = ran('', 'w', '/dev/null');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('reads a ResourceList from standard input');
  });

  test("that can not write exits with 2 and the system's reason, without a stack trace", () => {
    const { code, stderr } = ran(longList(10), 'r');
    expect(code).toBe(2);
    expect(stderr).toBe('error: EBADF: bad file descriptor, write\n');
  });

  test('waits for a pipe that is empty or full for a moment', () => {
    const answers = [
      () => {
        throw Object.assign(new Error('busy'), { code: 'EAGAIN' });
      },
      () => 5,
    ];
    expect(patiently(() => (answers.shift() ?? (() => 0))())).toBe(5);
    expect(() =>
      patiently(() => {
        throw new Error('other');
      }),
    ).toThrow('other');
  });
});

describe('The bundle', () => {
  test('is at most 60 kB', () => {
    expect(readFileSync(bundle).length).toBeLessThanOrEqual(60_000);
  });

  test('needs nothing beside it', () => {
    expect(readFileSync(bundle, 'utf8').match(/require\("[^"]*"\)/g)).toEqual(['require("node:fs")']);
  });

  test('is silent on standard error when all is well', () => {
    const input = examples().find(({ name }) => name === 'three-nodes-wait-for-three-zones')?.input;
    const { status, stderr } = spawnSync(process.execPath, [bundle], {
      ...(input === undefined ? {} : { input }),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('whose reader goes away ends with 2, not with a stack trace', async () => {
    const child = spawn(process.execPath, [bundle], { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.destroy();
    child.stdin.on('error', () => undefined).end(longList(500));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: EPIPE: broken pipe, write\n' });
  });
});
