// The program in its container: the id goes in over the standard input, and comes out nowhere.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Finished } from '../../scripts/lib/process.ts';
import type { Call, Handler } from '../support/test-server.ts';
import { type Asked, asked, BAD_ANSWERS } from './support/asked.ts';
import { linesOf, messagesOf, Programs, until } from './support/programs.ts';

// A process for each case, on machines that have other things to do.
jest.setTimeout(120_000);

type Reply = ReturnType<Handler>;

const SHARDS = { total: 3, successful: 3, failed: 0 };
const CUSTOMER = 'C-"secret\\ id';

/** Holds reviews of one customer, a page of two of them at a time. */
class Store {
  constructor(private left: string[]) {}

  readonly answer = ({ path, body }: Call): Reply => {
    if (path.includes('/_refresh')) return { body: { _shards: SHARDS } };
    if (path.includes('/_search')) {
      const hits = this.left.slice(0, 2).map((_id) => ({ _index: 'reviews-2026.10', _id }));
      return {
        body: { timed_out: false, _shards: SHARDS, hits: { total: { value: this.left.length, relation: 'eq' }, hits } },
      };
    }
    const lines = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { delete: { ['_id']: string } });
    const gone = new Set(lines.map((line) => line.delete['_id']));
    this.left = this.left.filter((id) => !gone.has(id));
    const items = lines.map((line) => ({ delete: { ...line.delete, result: 'deleted', status: 200 } }));
    return { body: { errors: false, items } };
  };
}

let programs: Programs;
let place: Asked;
let handler: Handler;
let before: number;

beforeAll(async () => {
  programs = await Programs.create();
  place = await asked(() => handler);
}, 260_000);
afterAll(async () => {
  programs.remove();
  await place.stop();
});
beforeEach(() => {
  handler = new Store(['a', 'b', 'c', 'd', 'e']).answer;
  before = place.server.calls.length;
});

const environment = (): Record<string, string> => ({
  ELASTICSEARCH_URL: `https://localhost:${place.server.port}`,
  CA_FILE: place.files.authority,
  ERASER: place.files.login,
});
const erase = (input = `${CUSTOMER}\n`, args: readonly string[] = []): Promise<Finished> =>
  programs.run('erase.ts', environment(), { input, args, seconds: 110 });
const calls = (): readonly Call[] => place.server.calls.slice(before);

test('deletes page by page, looks again, and proves it: 0, and one line', async () => {
  const run = await erase();
  expect(run).toMatchObject({
    code: 0,
    stdout: '5 reviews erased, none left. Snapshots taken before still hold them until they expire.\n',
  });
  const asks = ['/_refresh', '/_search', '/_bulk'];
  expect(calls().map(({ path }) => asks.findIndex((part) => path.includes(part)))).toEqual([
    0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1,
  ]);
  for (const { path } of calls().filter((call) => call.path.includes('/_search')))
    expect(path).toBe('/reviews,reviews-*/_search?allow_partial_search_results=false&expand_wildcards=all');
  expect(linesOf(run.stderr).map(({ message }) => message)).toEqual([
    expect.stringContaining('waits for'),
    '5 reviews are left',
    '3 reviews are left',
    '1 reviews are left',
    '0 reviews are left',
  ]);
});

test('the id is in bodies of searches alone', async () => {
  const run = await erase();
  expect(run.code).toBe(0);
  for (const { path, body } of calls()) {
    expect(decodeURIComponent(path)).not.toContain('secret');
    expect(body.includes('secret')).toBe(path.includes('/_search'));
  }
  const search = calls().find(({ path }) => path.includes('/_search'));
  expect(JSON.parse(search?.body ?? '')).toMatchObject({ query: { term: { customer_id: { value: CUSTOMER } } } });
  expect(`${run.stdout}${run.stderr}`).not.toMatch(/secret/);
});

test('nor is it said where the server quotes it', async () => {
  const reason = `For input string: ${CUSTOMER}`;
  const error = { type: 'query_shard_exception', reason, root_cause: [{ type: 'number_format_exception', reason }] };
  const well = handler;
  handler = (call) => (call.path.includes('/_search') ? { status: 400, body: { error } } : well(call));
  const run = await erase();
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).not.toMatch(/secret/);
  expect(messagesOf(run.stderr)).toContain('HTTP 400 (query_shard_exception, number_format_exception)');
});

describe.each(['/_refresh', '/_search', '/_bulk'])('an answer to %s proves nothing', (part) => {
  const bad: readonly (readonly [string, object])[] = [
    ...BAD_ANSWERS.flatMap(([name, reply]) => (name === 'late' || name === 'huge' ? [] : [[name, reply] as const])),
    ['larger than the program can take', { body: ' '.repeat(9 * 1024 * 1024) }],
  ];
  test.each(bad)('that is %s', async (_, reply) => {
    const well = handler;
    handler = async (call) => {
      const good = await well(call);
      return call.path.includes(part) ? { ...good, ...reply } : good;
    };
    const run = await erase();
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(messagesOf(run.stderr)).toContain(`nothing proves that all is erased, start it again: POST `);
    expect(run.stderr).not.toContain('secret');
  });
});

test('an item that could not be deleted ends it with its reason', async () => {
  const well = handler;
  handler = (call) => {
    if (!call.path.includes('/_bulk')) return well(call);
    const refused = { status: 403, error: { type: 'cluster_block_exception', reason: 'index [x] blocked' } };
    const items = ['a', 'b'].map((_id) => ({ delete: { _index: 'reviews-2026.10', _id, ...refused } }));
    return { body: { errors: true, items } };
  };
  const run = await erase();
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(messagesOf(run.stderr)).toContain('could not be deleted: cluster_block_exception: index [x] blocked');
  expect(calls().filter(({ path }) => path.includes('/_bulk'))).toHaveLength(1);
});

test('a server that deletes nothing and says otherwise is not asked for ever', async () => {
  const well = new Store(['a', 'b', 'c']);
  const stubborn = new Store(['a', 'b', 'c']);
  handler = (call) => (call.path.includes('/_bulk') ? well.answer(call) : stubborn.answer(call));
  const run = await erase();
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(messagesOf(run.stderr)).toContain('no progress: still 3 reviews');
});

describe('without an id nothing is asked, and it ends with 2', () => {
  test.each([
    ['no line', '', []],
    ['an empty line', '\n', []],
    ['two lines', 'C1\nC2\n', []],
    ['an argument', 'C1\n', ['C1']],
  ])('%s', async (_, input, args) => {
    const run = await erase(input, args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(messagesOf(run.stderr)).toMatch(/^nothing was erased: .*standard input/m);
    expect(run.stderr).not.toContain('C1');
    expect(calls()).toEqual([]);
  });
});

test('a variable that is wrong is named, and is no mistake of who gave the id', async () => {
  const run = await programs.run('erase.ts', { ...environment(), ERASER: '' }, { input: 'C1\n', seconds: 110 });
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(messagesOf(run.stderr)).toBe('ends: ERASER must be given, but is empty\n');
});

test.each([
  ['while it waits for the id', ''],
  ['while it erases', `${CUSTOMER}\n`],
])('told to stop %s it ends, and not with 0', async (_, input) => {
  handler = () => ({ delay: 600_000 });
  const child = programs.start('erase.ts', environment());
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin?.write(input);
  await until(() => (input === '' ? said.includes('waits for') : calls().length > 0));
  child.kill('SIGTERM');
  expect(await ended).toBe(1);
  expect(messagesOf(said)).toMatch(/ends: told to stop \(SIGTERM\)\n$/);
});
