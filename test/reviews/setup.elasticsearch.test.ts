// The set-up's client: only a whole answer of the right form says that something is in place.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../base/lib/answer.ts';
import { isUnknownRoute, parseMonths } from '../../base/reviews/setup/answers.ts';
import { type Elasticsearch, elasticsearch } from '../../base/reviews/setup/elasticsearch.ts';
import type { Call, Handler } from '../support/test-server.ts';
import { type Asked, asked, BAD_ANSWERS } from './support/asked.ts';

type Reply = ReturnType<Handler>;

let replies: Reply[];
let place: Asked;
let client: Elasticsearch;
let now: number;
/** How much quicker time goes. */
let pace: number;
let before: number;

beforeAll(async () => {
  // The last one is given for ever.
  place = await asked(() => () => (replies.length > 1 ? replies.shift() : replies[0]));
});
afterAll(() => place.stop());
beforeEach(() => {
  now = 0;
  pace = 1;
  before = place.server.calls.length;
  client = elasticsearch(place.send, {
    clock: () => now,
    sleep: (seconds) => {
      now += pace * seconds;
      return Promise.resolve();
    },
  });
});

const trouble = (answer: Answer<unknown>): string => (answer.ok ? 'ok' : answer.trouble);
const calls = (): readonly Call[] => place.server.calls.slice(before);
const put = () => client.put({ path: '/_ingest/pipeline/x', text: '{"a":1}' });

describe('a change', () => {
  test('is in place when every node has taken it over', async () => {
    replies = [{ body: { acknowledged: true } }];
    expect(await put()).toEqual({ ok: true, value: undefined });
    expect(calls()).toMatchObject([
      { method: 'PUT', path: '/_ingest/pipeline/x?master_timeout=10s', body: '{"a":1}', login: 'u:secret-1234567890' },
    ]);
  });

  test.each(BAD_ANSWERS)('is not in place when the answer is %s', async (_, reply, expected) => {
    pace = 30;
    replies = [{ body: { acknowledged: true }, ...reply }];
    expect(trouble(await put())).toBe(expected);
  });

  test.each([
    ['no node waited for', { acknowledged: false }, 'busy'],
    ['a text', { acknowledged: 'true' }, 'not-understood'],
  ])('is not in place when it is acknowledged by %s', async (_, body, expected) => {
    replies = [{ body }];
    expect(trouble(await put())).toBe(expected);
  });

  test('is tried again while nobody can carry it out, for a minute', async () => {
    replies = [
      { status: 503 },
      { status: 429 },
      { cut: 1 },
      { body: { acknowledged: false } },
      { body: { acknowledged: true } },
    ];
    expect(trouble(await put())).toBe('ok');
    expect(now).toBe(8);
    replies = [{ status: 503, body: { error: { type: 'a', reason: 'why' } } }];
    now = 0;
    expect(await put()).toMatchObject({ trouble: 'busy', detail: 'PUT /_ingest/pipeline/x: HTTP 503 a: why' });
    expect(now).toBe(60);
  });

  test.each([400, 401, 403, 404, 409])('is not tried again after %i', async (status) => {
    replies = [{ status }];
    expect(trouble(await put())).not.toBe('ok');
    expect(calls()).toHaveLength(1);
  });
});

describe('the cluster', () => {
  test.each(['green', 'yellow'])('can be worked with when it is %s', async (status) => {
    replies = [{ body: { status } }];
    expect(trouble(await client.able())).toBe('ok');
  });

  test.each([
    ['red', { body: { status: 'red' } }],
    ['of another colour', { body: { status: 'blue' } }],
    ...BAD_ANSWERS.map(([name, reply]) => [name, reply] as const),
  ])('cannot when it is %s', async (_, reply) => {
    replies = [reply];
    expect(trouble(await client.able())).not.toBe('ok');
  });
});

describe('how many reviews were written', () => {
  const written = async (reply: Reply): Promise<number | string> => {
    replies = [reply];
    const answer = await client.written();
    return answer.ok ? answer.value : answer.trouble;
  };
  const all = (primaries: unknown): object => ({ _shards: {}, _all: { primaries, total: {} } });

  test('is told by the first copies, and none where there is no month', async () => {
    expect(await written({ body: all({ indexing: { index_total: 17 } }) })).toBe(17);
    expect(await written({ body: all({}) })).toBe(0);
  });

  test.each([[all(undefined)], [all({ indexing: {} })], [all({ indexing: { index_total: '17' } })], [{}]])(
    'is not known from %j',
    async (body) => {
      expect(await written({ body })).toBe('not-understood');
    },
  );

  test.each(BAD_ANSWERS)('is not known when the answer is %s', async (_, reply, expected) => {
    expect(await written({ body: all({ indexing: { index_total: 17 } }), ...reply })).toBe(expected);
  });
});

// As RestController of 9.5.3 writes them.
const UNKNOWN = 'no handler found for uri [/_ilm/status] and method [GET]';
const METHOD = 'Incorrect HTTP method for uri [/_ilm/status] and method [GET], allowed: [POST]';

describe('the module of lifecycle policies', () => {
  const has = async (reply: Reply): Promise<boolean | string> => {
    replies = [reply];
    const answer = await client.hasLifecycle();
    return answer.ok ? answer.value : answer.trouble;
  };

  test('is there when it says how it is', async () => {
    expect(await has({ body: { operation_mode: 'RUNNING' } })).toBe(true);
  });

  test('is not there when the server knows no such path', async () => {
    expect(await has({ status: 400, body: { error: UNKNOWN } })).toBe(false);
    expect(await has({ status: 405, body: { error: METHOD, status: 405 } })).toBe(false);
  });

  test.each(BAD_ANSWERS)('may be there when the answer is %s', async (_, reply, expected) => {
    expect(await has({ body: { operation_mode: 'RUNNING' }, ...reply })).toBe(expected);
  });

  test.each([
    [400, { error: { type: 'illegal_argument_exception', reason: UNKNOWN } }],
    [400, { error: 'Content-Type header is missing' }],
    [400, 'no handler found for uri [/_ilm/status]'],
    [405, {}],
    [403, { error: UNKNOWN }],
    [500, { error: UNKNOWN }],
  ])('may be there after %i %j', (status, body) => {
    expect(isUnknownRoute(status, typeof body === 'string' ? body : JSON.stringify(body))).toBe(false);
  });
});

describe('the months that exist', () => {
  const health = { number_of_shards: 1, status: 'green' };

  test('are those of the cluster, none where there is none', async () => {
    replies = [{ body: { timed_out: false, indices: {} } }];
    expect(await client.months()).toEqual({ ok: true, value: [] });
    replies = [{ body: { timed_out: false, indices: { 'reviews-2026.10': health, 'reviews-2026.11': health } } }];
    expect(await client.months()).toEqual({ ok: true, value: ['reviews-2026.10', 'reviews-2026.11'] });
  });

  test('may have any name', () => {
    const named = JSON.parse(`{"timed_out":false,"indices":{"__proto__":${JSON.stringify(health)}}}`) as unknown;
    expect(parseMonths(named)).toEqual(['__proto__']);
  });

  test.each<[string, object]>([
    ...BAD_ANSWERS.map(([name, reply]): [string, object] => [name, reply]),
    ['without indices', { body: { timed_out: false } }],
    ['of a server that was not done', { body: { timed_out: true, indices: {} } }],
    ['of another form', { body: { timed_out: false, indices: { 'reviews-2026.10': true } } }],
  ])('are not known when the answer is %s', async (_, reply) => {
    replies = [reply];
    expect(trouble(await client.months())).not.toBe('ok');
  });
});
