import { type Client, errors } from '@elastic/elasticsearch';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Server } from '../support/elasticsearch.ts';
import { review, write } from '../support/reviews.ts';

type Attempt = readonly [method: string, path: string, body?: object | readonly object[]];

interface BulkAnswer {
  readonly items?: readonly Readonly<Record<string, { readonly status: number }>>[];
}

const READ: Attempt = ['POST', 'reviews/_search', { query: { match_all: {} } }];
const GET: Attempt = ['GET', 'reviews-2026.11/_doc/R-1'];
const CREATE: Attempt = ['PUT', 'reviews/_create/R-NEW', review('R-NEW')];
/** One line of a bulk request, which is how reviews are written. Changing and deleting have to name the month. */
const bulk = (action: string, ...source: readonly object[]): Attempt => {
  const place = action === 'update' || action === 'delete' ? 'reviews-2026.11' : 'reviews';
  return ['POST', '_bulk', [{ [action]: { _index: place, _id: action === 'create' ? 'R-NEW' : 'R-1' } }, ...source]];
};
const OVERWRITE: Attempt = ['PUT', 'reviews/_doc/R-1', review('R-1', { rating: 5 })];
const UPDATE: Attempt = ['POST', 'reviews-2026.11/_update/R-1', { doc: { rating: 5 } }];
const DELETE: Attempt = ['DELETE', 'reviews-2026.11/_doc/R-1'];
const DELETE_INDEX: Attempt = ['DELETE', 'reviews-2026.11'];
const DELETE_ALIAS: Attempt = ['DELETE', 'reviews-2026.11/_alias/reviews'];
const CLOSE: Attempt = ['POST', 'reviews-2026.11/_close'];
const OTHER_INDEX: Attempt = ['PUT', 'parcels/_create/1', { a: 1 }];
const MAPPING: Attempt = ['PUT', 'reviews-2026.11/_mapping', { properties: { more: { type: 'keyword' } } }];
const USERS: Attempt = ['GET', '_security/user'];
const HEALTH: Attempt = ['GET', '_cluster/health'];
const STATS: Attempt = ['GET', '_all/_stats/docs'];
const NODES: Attempt = ['GET', '_nodes/stats'];
const TASKS: Attempt = ['GET', '_tasks'];

/** Each user, and for each attempt the status that the real server answers. */
const TABLE: Readonly<Record<string, readonly (readonly [string, Attempt, number])[]>> = {
  ingest: [
    ['adds a review', bulk('create', review('R-NEW')), 201],
    ['adds it once', bulk('create', review('R-NEW')), 409],
    ['cannot replace one', bulk('index', review('R-1', { rating: 5 })), 403],
    ['cannot change one', bulk('update', { doc: { rating: 5 } }), 403],
    ['cannot delete one', bulk('delete'), 403],
    ['cannot search', READ, 403],
    ['cannot read one', GET, 403],
    // The API for single documents checks an action that would also allow replacing: writers use _bulk, also for one
    // review.
    ['cannot add by the API for single documents', CREATE, 403],
    ['cannot replace by it', OVERWRITE, 403],
    ['cannot change by it', UPDATE, 403],
    ['cannot delete by it', DELETE, 403],
    ['cannot delete a month', DELETE_INDEX, 403],
    ['cannot change the mapping', MAPPING, 403],
    ['cannot write to another index', OTHER_INDEX, 403],
    ['cannot see users', USERS, 403],
    ['cannot look at the cluster', HEALTH, 403],
  ],
  search: [
    ['searches', READ, 200],
    ['cannot add a review', CREATE, 403],
    ['cannot replace one', OVERWRITE, 403],
    ['cannot change one', UPDATE, 403],
    ['cannot delete one', DELETE, 403],
    ['cannot delete a month', DELETE_INDEX, 403],
    ['cannot see users', USERS, 403],
  ],
  analyst: [
    ['searches', READ, 200],
    ['cannot add a review', CREATE, 403],
    ['cannot delete one', DELETE, 403],
  ],
  monitoring: [
    ['looks at the cluster', HEALTH, 200],
    ['sees the figures of nodes', NODES, 200],
    ['cannot see the tasks that run', TASKS, 403],
    ['cannot count documents', STATS, 403],
    ['cannot search', READ, 403],
    ['cannot read one', GET, 403],
    ['cannot add a review', CREATE, 403],
    ['cannot see users', USERS, 403],
  ],
  probe: [
    ['searches', READ, 200],
    ['cannot read one', GET, 403],
    ['cannot add a review', bulk('create', review('R-NEW')), 403],
    ['cannot replace one', bulk('index', review('R-1', { rating: 5 })), 403],
    ['cannot change one', bulk('update', { doc: { rating: 5 } }), 403],
    ['cannot delete one', bulk('delete'), 403],
    ['cannot change the mapping', MAPPING, 403],
    ['cannot write to another index', OTHER_INDEX, 403],
    ['cannot see users', USERS, 403],
    ['cannot look at the cluster', HEALTH, 403],
  ],
  setup: [
    ['looks at the cluster', HEALTH, 200],
    ['cannot search', READ, 403],
    ['cannot read one', GET, 403],
    ['cannot add a review', CREATE, 403],
    ['cannot delete one', DELETE, 403],
    ['cannot write to another index', OTHER_INDEX, 403],
    ['cannot see users', USERS, 403],
  ],
  erase: [
    ['searches', READ, 200],
    ['cannot add a review', CREATE, 403],
    ['cannot change one', UPDATE, 403],
    ['cannot delete a month', DELETE_INDEX, 403],
    ['cannot see users', USERS, 403],
  ],
  operations: [
    ['looks at the cluster', HEALTH, 200],
    ['cannot search', READ, 403],
    ['cannot add a review', CREATE, 403],
    ['cannot delete a month', DELETE_INDEX, 403],
  ],
  dashboard: [
    ['cannot search reviews', READ, 403],
    ['cannot add a review', CREATE, 403],
  ],
  'kibana-server': [
    ['looks at the cluster', HEALTH, 200],
    ['cannot search reviews', READ, 403],
    ['cannot add a review', CREATE, 403],
  ],
};

export function rightsSuite(given: () => { server: Server }): void {
  describe('rights', () => {
    beforeAll(() => write(given().server, [review('R-1')]));

    for (const [user, attempts] of Object.entries(TABLE)) {
      test.each(attempts)(`${user} %s`, async (_, [method, path, body], status) => {
        expect(await attempt(given().server.client(user), method, path, body)).toBe(status);
      });
    }

    // What is lost by a wrong word: months. All that only the set-up's login may do, since the policy that ends months
    // has its rights, and the superuser.
    describe.each(Object.keys(TABLE).filter((user) => user !== 'setup'))('%s', (user) => {
      test.each([
        ['delete a month', DELETE_INDEX],
        ['take a month out of "reviews"', DELETE_ALIAS],
        ['close a month', CLOSE],
      ] as const)('cannot %s', async (_, [method, path, body]) => {
        expect(await attempt(given().server.client(user), method, path, body)).toBe(403);
      });
    });

    // Refused by action.destructive_requires_name before anybody's rights are asked.
    test.each(['reviews-*', '_all', '*'])('nobody deletes "%s", not even who may delete each', async (pattern) => {
      for (const user of [...Object.keys(TABLE), 'elastic'])
        expect([user, await attempt(given().server.client(user), 'DELETE', pattern)]).toEqual([user, 400]);
      expect(await attempt(given().server.client(), ...READ)).toBe(200);
      expect(await attempt(given().server.client(), ...GET)).toBe(200);
    });

    test('a wrong password gets nothing', async () => {
      expect(await attempt(given().server.client('search', 'wrong'), ...READ)).toBe(401);
    });
  });
}

/** The status of the answer; of a bulk request, that of its one item. */
async function attempt(client: Client, method: string, path: string, body?: object): Promise<number> {
  try {
    const request = { method, path: `/${path}`, ...(Array.isArray(body) ? { bulkBody: body } : { body: body ?? '' }) };
    const { statusCode, body: answer } = await client.transport.request<BulkAnswer | null>(request, { meta: true });
    const item = answer?.items?.[0];
    return (item === undefined ? undefined : Object.values(item)[0]?.status) ?? statusCode;
  } catch (error) {
    if (error instanceof errors.ResponseError) return error.statusCode ?? 0;
    throw error;
  }
}
