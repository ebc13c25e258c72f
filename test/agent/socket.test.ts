import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request, type Server } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hookDoor } from '../../base/elasticsearch/agent/hook.ts';
import type { Say, Stop } from '../../base/elasticsearch/agent/ports.ts';
import { readWaits } from '../../base/elasticsearch/agent/settings.ts';
import { type Doors, listen, socketPath } from '../../base/elasticsearch/agent/socket.ts';
import type { Decided } from '../../base/elasticsearch/agent/watched.ts';
import { environment } from './support/environment.ts';

let folder: string;
let path: string;
let server: Server | undefined;
let calls: string[];
let doors: Doors;
let hookWaits: boolean;

const call = (method: string, target: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath: path, method, path: target }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'socket-'));
  path = socketPath(folder);
  calls = [];
  hookWaits = true;
  doors = {
    prepare: async (diskIsEmpty) => {
      calls.push(`prepare ${diskIsEmpty}`);
      return { ok: !diskIsEmpty, lines: ['a', 'b'] };
    },
    stop: (elapsed) => {
      calls.push(`stop ${elapsed}`);
      return { go: elapsed > 9, lines: elapsed > 5 ? ['{"message":"new"}'] : [] };
    },
    letGo: () => hookWaits,
    health: async () => ({ ok: true, value: '{"status":"green"}' }),
    status: () => ({ way: 'restart' }),
    metrics: () => '# TYPE a gauge\na 1\n',
  };
  server = await listen(path, doors);
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

test('only user and group of the pod may ask', () => expect(statSync(path).mode & 0o777).toBe(0o660));

describe('the hook', () => {
  test('hears to wait, what is new, and that it may go', async () => {
    expect(await call('POST', '/stop?seconds=5')).toEqual({ status: 202, text: '' });
    expect(await call('POST', '/stop?seconds=6')).toEqual({ status: 202, text: '{"message":"new"}\n' });
    expect(await call('POST', '/stop?seconds=10')).toEqual({ status: 200, text: '{"message":"new"}\n' });
  });

  test.each(['/stop', '/stop?seconds=', '/stop?seconds=-3', '/stop?seconds=1e9', '/stop?seconds=x'])(
    'that does not tell its time has begun now: %s',
    async (target) => {
      await call('POST', target);
      expect(calls).toEqual(['stop 0']);
    },
  );

  test('is not started by a look', async () => {
    expect(await call('GET', '/stop')).toMatchObject({ status: 404 });
    expect(calls).toEqual([]);
  });
});

test('the init container hears what to say, and whether it may go on', async () => {
  expect(await call('POST', '/prepare?disk=used')).toEqual({ status: 200, text: 'a\nb\n' });
  expect(await call('POST', '/prepare?disk=empty')).toEqual({ status: 422, text: 'a\nb\n' });
});

test('people let a node go, and look', async () => {
  expect(await call('POST', '/let-go')).toMatchObject({ status: 200 });
  hookWaits = false;
  expect(await call('POST', '/let-go')).toEqual({
    status: 409,
    text: 'no hook waits here, so nothing was changed\n',
  });
  expect(await call('GET', '/status')).toEqual({ status: 200, text: '{\n  "way": "restart"\n}\n' });
  expect(await call('GET', '/health')).toEqual({ status: 200, text: '{"status":"green"}' });
  expect(await call('GET', '/metrics')).toEqual({ status: 200, text: '# TYPE a gauge\na 1\n' });
});

test('a health that cannot be had is no health', async () => {
  doors.health = async () => ({ ok: false, trouble: 'no-master', detail: 'x' });
  expect(await call('GET', '/health')).toEqual({ status: 503, text: '{"trouble":"no-master","detail":"x"}\n' });
});

test('what throws is an error to the one who asked, and the door stays open', async () => {
  doors.status = () => {
    throw new Error('it broke');
  };
  expect(await call('GET', '/status')).toEqual({ status: 500, text: 'it broke\n' });
  expect(await call('GET', '/health')).toMatchObject({ status: 200 });
});

describe('the socket', () => {
  test('of an agent that serves is not taken over', async () => {
    await expect(listen(path, doors)).rejects.toThrow('another agent listens');
    expect(await call('GET', '/health')).toMatchObject({ status: 200 });
  });

  test('of an agent that died is', async () => {
    const dead = join(folder, 'dead.sock');
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(dead, resolve));
    // Closing takes the file away, dying does not.
    await new Promise((resolve) => other.close(resolve));
    writeFileSync(dead, '');
    const next = await listen(dead, doors);
    expect(existsSync(dead)).toBe(true);
    await new Promise((resolve) => next.close(resolve));
  });
});

describe('the last bound', () => {
  const waits = readWaits(environment('/'));
  const sum = 5 + 1800 + 3600 + 30;
  const stop = (go: boolean): Stop => ({
    ask: () => ({ go, reasons: ['waiting: "x"\n'] }),
    letGo: () => false,
    status: () => ({ way: '', reason: '', since: undefined }),
    begun: true,
  });
  let decided: (Decided | undefined)[];
  const say: Say = (_level, _message, what) => void decided.push(what);
  beforeEach(() => {
    decided = [];
  });

  test('lets Elasticsearch stop by itself, whatever else is decided', () => {
    expect(hookDoor(stop(false), waits, say)(sum - 1)).toMatchObject({ go: false, lines: [expect.anything()] });
    const ask = hookDoor(stop(false), waits, say);
    const { go, lines } = ask(sum);
    expect(go).toBe(true);
    expect(lines[1]).toContain(`leaving: ${sum} s have passed, which is all that a stop may wait`);
    // The hook asks again where its answer was cut.
    ask(sum + 2);
    expect(decided).toEqual([{ decision: 'leave-anyway', seconds: sum }]);
  });

  test('says nothing where the node goes anyway; each line is one JSON object', () => {
    const { lines } = hookDoor(stop(true), waits, say)(sum);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      message: 'waiting: "x"\n',
      'log.level': 'INFO',
      'event.dataset': 'delivery-reviews.agent',
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });
});
