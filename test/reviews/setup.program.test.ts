// The program in its container: what it leaves for the probe, what it says, and how it ends.
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Finished } from '../../scripts/lib/process.ts';
import { freePort } from '../support/free-port.ts';
import type { Call, Handler } from '../support/test-server.ts';
import { type Asked, asked } from './support/asked.ts';
import { BASE, linesOf, messagesOf, Programs, until } from './support/programs.ts';

// A process for each case, on machines that have other things to do.
jest.setTimeout(120_000);

const UNKNOWN = 'no handler found for uri [/_ilm/status] and method [GET]';

/** A server with no month, and no lifecycle policies. */
const well = ({ method, path }: Call): ReturnType<Handler> => {
  if (method === 'PUT') return { body: { acknowledged: true } };
  if (path.startsWith('/_cluster/health/')) return { body: { timed_out: false, indices: {} } };
  if (path.startsWith('/_cluster/health')) return { body: { status: 'yellow' } };
  return { status: 400, body: { error: UNKNOWN } };
};

let programs: Programs;
let place: Asked;
let handler: Handler;
let folder: string;
let ready: string;
let env: Record<string, string>;

beforeAll(async () => {
  programs = await Programs.create();
  place = await asked(() => handler);
}, 260_000);
afterAll(async () => {
  programs.remove();
  await place.stop();
});
beforeEach(() => {
  handler = well;
  folder = mkdtempSync(join(tmpdir(), 'setup-'));
  ready = join(folder, 'ready');
  cpSync(join(BASE, 'index'), join(folder, 'index'), { recursive: true });
  env = {
    ELASTICSEARCH_URL: `https://localhost:${place.server.port}`,
    CA_FILE: place.files.authority,
    CREDENTIALS: place.files.login,
    FILES: join(folder, 'index'),
    READY_FILE: ready,
    ONCE: 'yes',
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const once = (changes: Readonly<Record<string, string>> = {}): Promise<Finished> =>
  programs.run('setup.ts', { ...env, ...changes }, { seconds: 110 });

test('all in place: 0, the file, and lines of the log without a secret', async () => {
  const run = await once();
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(linesOf(run.stdout).map((line) => [line['process.name'], line['log.level'], line.message])).toEqual([
    ['setup', 'WARN', expect.stringContaining('NOT deleted by themselves')],
    ['setup', 'INFO', 'reviews: all in place'],
  ]);
  expect(run.stdout).not.toContain('secret-1234567890');
  expect(existsSync(ready)).toBe(true);
});

test('not all in place: 1, why, and no file, not even one of an earlier process', async () => {
  writeFileSync(ready, '');
  handler = (call) =>
    call.path.startsWith('/_index_template')
      ? { status: 400, body: { error: { type: 'illegal_argument_exception', reason: 'no good' } } }
      : well(call);
  const run = await once();
  expect(run.code).toBe(1);
  expect(messagesOf(run.stdout)).toContain(
    'not all in place, trying again: PUT /_index_template/reviews-months: HTTP 400 illegal_argument_exception: no good',
  );
  expect(existsSync(ready)).toBe(false);
});

test('the file goes when a later look finds something amiss, and comes back', async () => {
  const child = programs.start('setup.ts', { ...env, ONCE: '', REAPPLY_SECONDS: '1', RETRY_SECONDS: '1' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(() => existsSync(ready));
    handler = (call) => (call.path.startsWith('/_cluster/health/') ? { body: '' } : well(call));
    await until(() => !existsSync(ready));
    handler = well;
    await until(() => existsSync(ready));
  } finally {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }
});

test('a Prometheus reads whether all is in place, where a port is asked for', async () => {
  const port = await freePort();
  const metrics = (path = '/metrics'): Promise<string> =>
    fetch(`http://127.0.0.1:${port}${path}`).then(
      (answer) => answer.text(),
      () => '',
    );
  let complete = '';
  const says = (value: number): boolean => complete.includes(`\nreviews_setup_complete ${value}\n`);
  const look = setInterval(() => void metrics().then((text) => (complete = text)), 100);
  handler = (call) => (call.path.startsWith('/_index_template') ? { status: 400, body: {} } : well(call));
  const more = { ONCE: '', RETRY_SECONDS: '1', METRICS_PORT: String(port), REVIEWS_EXPECTED_WITHIN_SECONDS: '3600' };
  const child = programs.start('setup.ts', { ...env, ...more });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(() => says(0));
    expect(complete).toContain('\nreviews_expected_within_seconds 3600\n');
    handler = well;
    await until(() => says(1));
    expect(await metrics('/')).toBe('there is GET /metrics\n');
  } finally {
    clearInterval(look);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }
});

test('it says why reviews cannot be counted, which is no word on whether any are written', async () => {
  handler = (call) => (call.path.startsWith('/reviews-*/_stats') ? { status: 403, body: {} } : well(call));
  const more = { ONCE: '', METRICS_PORT: String(await freePort()), REVIEWS_EXPECTED_WITHIN_SECONDS: '3600' };
  const child = programs.start('setup.ts', { ...env, ...more });
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(() => /reviews could not be counted: [^"]*403/.test(said));
  } finally {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }
});

test('it says once what it waits for, and not what it has asked with', async () => {
  let looks = 0;
  handler = (call) => {
    if (call.path.startsWith('/_cluster/health?') && (looks += 1) < 4)
      return { status: 503, body: { error: { type: 'master_not_discovered_exception', reason: 'none' } } };
    return well(call);
  };
  const run = await once();
  expect(run.code).toBe(0);
  expect(looks).toBe(4);
  expect(messagesOf(run.stdout).match(/waiting for the cluster/g)).toHaveLength(1);
});

describe('what an overlay has broken is named', () => {
  test.each([
    ['is no JSON', '{"index":', /settings-copies\.json cannot be used: .*JSON/],
    ['is no object', '[]', /settings-copies\.json is a list, not an object/],
    ['is not there', undefined, /settings-copies\.json/],
  ])('a file that %s', async (_, text, why) => {
    const file = join(folder, 'index/settings-copies.json');
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    const before = place.server.of('PUT').length;
    const run = await once();
    expect(run.code).toBe(1);
    expect(messagesOf(run.stdout)).toMatch(why);
    expect(place.server.of('PUT')).toHaveLength(before);
  });

  test.each([
    ['ELASTICSEARCH_URL', 'http://elasticsearch:9200'],
    ['ELASTICSEARCH_URL', 'https://u:hunter2hunter2@elasticsearch:9200'],
    ['ELASTICSEARCH_URL', 'https://elasticsearch:9200/path'],
    ['ELASTICSEARCH_URL', ''],
    ['CA_FILE', '/somewhere/else.pem'],
    ['CREDENTIALS', ''],
    ['FILES', ''],
    ['READY_FILE', ''],
    ['REAPPLY_SECONDS', 'soon'],
    ['METRICS_PORT', '0'],
    ['REVIEWS_EXPECTED_WITHIN_SECONDS', 'a day'],
    ['ONCE', 'no'],
  ])('%s as "%s"', async (name, value) => {
    const run = await once({ [name]: value });
    expect(run.code).toBe(1);
    expect(messagesOf(run.stdout)).toMatch(new RegExp(`^ends: ${name} must be`));
    expect(run.stdout).not.toContain('hunter2');
  });
});
