// The bash in Elasticsearch's own container, run for real beside a real socket of the agent.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { logLine } from '../../base/elasticsearch/agent/log.ts';
import { type Doors, listen, socketPath } from '../../base/elasticsearch/agent/socket.ts';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { certificate } from '../lifecycle/support/certificate.ts';
import { TestServer } from '../lifecycle/support/servers.ts';

const scripts = join(root, 'base/elasticsearch/lifecycle');

let folder: string;
let agent: string;
let server: Server | undefined;
let env: Record<string, string>;
let doors: Doors;
let elapsed: number[];
let reasons: string[];
let go: boolean;

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const bash = (script: string, more: Record<string, string> = {}): Promise<Finished> =>
  run('bash', [join(scripts, script)], { env: { ...env, ...more }, seconds: 20 });
const log = (): string => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '');
/** Each line must be one JSON object. */
const messages = (): string[] =>
  log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly message: string }).message);
const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('did not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const start = async (): Promise<void> => {
  server = await listen(socketPath(agent), doors);
};
const die = async (): Promise<void> => {
  const dying = server;
  server = undefined;
  dying?.closeAllConnections();
  if (dying !== undefined) await new Promise((resolve) => dying.close(resolve));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hooks-'));
  agent = join(folder, 'agent');
  mkdirSync(agent);
  elapsed = [];
  reasons = [];
  go = false;
  doors = {
    prepare: async () => ({ ok: true, lines: ['prepare: well'] }),
    stop: (seconds) => {
      elapsed.push(seconds);
      return { go, lines: reasons.splice(0).map((reason) => logLine('INFO', reason)) };
    },
    letGo: () => undefined,
    health: async () => ({ ok: true, value: '{}' }),
    status: () => ({}),
  };
  env = {
    PATH: process.env['PATH'] ?? '',
    AGENT: agent,
    LOG_TO: join(folder, 'log'),
    ES_HOME: join(folder, 'home'),
    PREPARED: join(folder, 'prepared'),
    POLL_SECONDS: '0.1',
    PRE_STOP_AGENT_SECONDS: '2',
  };
  writeFileSync(join(folder, 'log'), '');
});
afterEach(async () => {
  await die();
  rmSync(folder, { recursive: true, force: true });
});

const seconds = async (work: Promise<Finished>): Promise<number> => {
  const begin = Date.now();
  expect(await work).toMatchObject({ code: 0, stderr: '' });
  return (Date.now() - begin) / 1000;
};

/** Each line comes behind the others: as the log of a container, a pipe, does it. */
const appending = (): void => {
  rmSync(join(folder, 'log'));
  symlinkSync('/dev/stdout', join(folder, 'log'));
};

describe('the pre-stop hook', () => {
  test('waits until the agent says so, and tells how long it has waited', async () => {
    await start();
    const hook = bash('pre-stop.sh');
    await until(() => elapsed.length > 12);
    go = true;
    reasons.push('leaving for a restart');
    expect(await hook).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(elapsed[0]).toBeLessThanOrEqual(1);
    expect(elapsed.at(-1)).toBeGreaterThan(0);
    expect(messages()).toEqual(['leaving for a restart']);
  });

  test('writes each new reason into the log of the container, once, whatever it holds', async () => {
    appending();
    await start();
    const hook = bash('pre-stop.sh');
    await until(() => elapsed.length > 1);
    reasons.push('waiting: "x" \\ %s\n – ß', 'y');
    await until(() => elapsed.length > 4);
    reasons.push('z '.repeat(100_000));
    await until(() => elapsed.length > 6);
    go = true;
    const { stdout } = await hook;
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'waiting: "x" \\ %s\n – ß',
      'y',
      'z '.repeat(100_000),
    ]);
  });

  test('where the log cannot be written goes on all the same', async () => {
    await start();
    reasons.push('x');
    go = true;
    expect(await bash('pre-stop.sh', { LOG_TO: '/nowhere/log' })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"message":"x"'),
    });
  });

  test('with an agent that is dead from the start waits for its time, says why, and ends', async () => {
    expect(await seconds(bash('pre-stop.sh'))).toBeGreaterThan(0.9);
    expect(messages()).toEqual([
      expect.stringMatching(/^leaving: no answer of the agent for \d+ s, so nobody can tell what is needed here$/),
    ]);
    expect(JSON.parse(log())).toMatchObject({
      'log.level': 'WARN',
      'event.dataset': 'delivery-reviews.agent',
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test('goes on with an agent that dies in the middle and comes back', async () => {
    await start();
    const hook = bash('pre-stop.sh', { PRE_STOP_AGENT_SECONDS: '5' });
    await until(() => elapsed.length > 3);
    await die();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await start();
    const before = elapsed.length;
    await until(() => elapsed.length > before + 20);
    go = true;
    expect(await seconds(hook)).toBeGreaterThanOrEqual(0);
    // The new agent hears how long the hook has waited.
    expect(elapsed[before]).toBeGreaterThan(0);
    expect(log()).toBe('');
  });

  test('counts the silence from the last answer, not from its begin', async () => {
    await start();
    const hook = bash('pre-stop.sh');
    await until(() => (elapsed.at(-1) ?? 0) >= 3);
    await die();
    expect(await seconds(hook)).toBeGreaterThan(0.9);
    expect(messages()).toEqual([expect.stringContaining('no answer of the agent for 2 s')]);
  });

  test.each([
    ['accepts, and never answers', 0, ''],
    ['answers 500', 1, 'HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nno'],
    ['answers 200, and breaks off', 1, 'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"message":"go"'],
  ])('does not take an agent for well that %s', async (_, reply, text) => {
    const sick = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => (reply === 1 ? socket.end(text) : undefined));
    });
    await new Promise<void>((resolve) => sick.listen(socketPath(agent), resolve));
    const { code } = await bash('pre-stop.sh');
    expect(code).toBe(0);
    expect(messages()).toEqual([expect.stringContaining('no answer of the agent')]);
    sick.close();
  });

  test('joins another one that waits', async () => {
    await start();
    const first = bash('pre-stop.sh');
    await until(() => elapsed.length > 3);
    const second = bash('pre-stop.sh');
    await until(() => elapsed.length > 12);
    go = true;
    expect((await Promise.all([first, second])).map(({ code }) => code)).toEqual([0, 0]);
  });

  test.each(['', 'soon', '-1'])('with %j for its time has one all the same', async (limit) => {
    await start();
    go = true;
    expect(await bash('pre-stop.sh', { PRE_STOP_AGENT_SECONDS: limit })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the readiness probe', () => {
  let elasticsearch: TestServer;
  let readiness: ReturnType<typeof createServer>;
  let status: number;

  beforeEach(async () => {
    status = 401;
    elasticsearch = await TestServer.start(() => () => ({ status }));
    readiness = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => readiness.listen(0, '127.0.0.1', resolve));
    const address = readiness.address();
    write('home/config/certificates/ca.crt', certificate().cert);
    env['READINESS_PORT'] = String(typeof address === 'object' ? address?.port : '');
    env['ES_URL'] = `https://localhost:${elasticsearch.port}`;
  });
  afterEach(async () => {
    readiness.close();
    await elasticsearch.stop();
  });

  const probe = async (): Promise<number> => (await bash('ready.sh')).code;
  const named = (): string => readFileSync(join(agent, 'start'), 'utf8').trim();
  const admit = (): void => write(`agent/admitted/${named()}`, '');

  test('names this start, and fails until it is admitted, without asking Elasticsearch', async () => {
    expect(await probe()).toBe(1);
    expect(named()).toMatch(/^[0-9a-f-]{36}-\d+$/);
    expect(await probe()).toBe(1);
    expect(elasticsearch.calls).toEqual([]);
    admit();
    expect(await probe()).toBe(0);
  });

  test('is not content with what another start was admitted for', async () => {
    await probe();
    write(`agent/admitted/${named()}0`, '');
    expect(await probe()).toBe(1);
  });

  test('needs nothing of the agent once it is admitted', async () => {
    await probe();
    admit();
    rmSync(join(agent, 'start'));
    expect(await probe()).toBe(0);
    expect(existsSync(join(agent, 'start'))).toBe(false);
  });

  test('fails while the node has no master', async () => {
    await probe();
    admit();
    await new Promise((resolve) => readiness.close(resolve));
    expect(await probe()).toBe(1);
  });

  test.each([
    [200, 0],
    [401, 0],
    [403, 1],
    [503, 1],
  ])('with an answer %i of Elasticsearch ends with %i', async (answer, code) => {
    await probe();
    admit();
    status = answer;
    expect(await probe()).toBe(code);
  });

  test('fails where nothing can be written', async () => {
    rmSync(agent, { recursive: true });
    expect(await probe()).toBe(1);
  });
});

describe('the init container', () => {
  beforeEach(() => {
    write('home/config/jvm.options', '-XX:+UseG1GC\n');
    write('home/config/jvm.options.d/.keep', '');
    write('home/config/elasticsearch.yml', 'the: image\n');
    write('home/config/users', '');
    write('agent/config/elasticsearch.yml', 'the: agent\n');
    write('agent/config/jvm.options.d/heap.options', '-Xms1g\n');
    symlinkSync('access/users/users', join(agent, 'config/users'));
    mkdirSync(join(folder, 'prepared'));
  });
  const prepared = (file: string): string => readFileSync(join(folder, 'prepared', file), 'utf8');

  test('builds the configuration of the image’s files, and the agent’s over them', async () => {
    await start();
    write('prepared/left-over', 'x');
    expect(await bash('prepare.sh')).toEqual({ code: 0, stdout: '', stderr: 'prepare: well\n' });
    expect(prepared('elasticsearch.yml')).toBe('the: agent\n');
    expect(prepared('jvm.options')).toBe('-XX:+UseG1GC\n');
    expect(readdirSync(join(folder, 'prepared/jvm.options.d')).sort()).toEqual(['.keep', 'heap.options']);
    expect(lstatSync(join(folder, 'prepared/users')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(folder, 'prepared/left-over'))).toBe(false);
    // And again, on what that left.
    expect(await bash('prepare.sh')).toMatchObject({ code: 0 });
  });

  test.each([
    ['empty', true],
    ['used', false],
  ])('tells the agent that the disk is %s', async (_, isEmpty) => {
    let told: boolean | undefined;
    doors.prepare = async (diskIsEmpty) => {
      told = diskIsEmpty;
      return { ok: true, lines: [] };
    };
    if (!isEmpty) write('home/data/_state/node-0.st', '');
    await start();
    await bash('prepare.sh');
    expect(told).toBe(isEmpty);
  });

  test('says why the agent refuses, at once, and leaves the folder alone', async () => {
    doors.prepare = async () => ({ ok: false, lines: ['prepare: WARNING: no'] });
    await start();
    write('prepared/before', 'x');
    expect(await bash('prepare.sh')).toEqual({ code: 1, stdout: '', stderr: 'prepare: WARNING: no\n' });
    expect(prepared('before')).toBe('x');
  });

  test('waits for an agent that starts late', async () => {
    const work = bash('prepare.sh');
    await new Promise((resolve) => setTimeout(resolve, 700));
    await start();
    expect(await work).toMatchObject({ code: 0, stderr: 'prepare: well\n' });
  });

  test('ends, with where to look, when no agent comes', async () => {
    expect(await bash('prepare.sh', { AGENT_SECONDS: '1', HOSTNAME: 'elasticsearch-1' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'prepare: the agent does not answer (curl 7): kubectl logs elasticsearch-1 -c agent\n',
    });
  });
});
