// What a client in the namespace gets, and what nobody gets.
import { expect } from '@jest/globals';
import { Client, type ClientAnswer, type ClientRequest } from '../harness/client.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { set } from '../harness/settings.ts';
import { until } from '../harness/until.ts';
import { createReview, reviewOf } from '../load/reviews.ts';

interface Attempt {
  readonly who: string;
  readonly client: Client;
  readonly request: ClientRequest;
  readonly expected: number | 'refused' | 'no connection';
}

/** Refused: somebody answers, but not this. No connection: nobody does. */
const outcome = ({ status, error = '' }: ClientAnswer): number | string => {
  if (status !== undefined) return status;
  if (/ECONNRESET|socket hang up|HPE_/.test(error)) return 'refused';
  return /ABORT|TIMEDOUT|ECONNREFUSED|EHOSTUNREACH/.test(error) ? 'no connection' : error;
};

const search = (index: string): ClientRequest => ({
  method: 'POST',
  path: `/${index}/_search`,
  body: { query: { match_all: {} } },
});
const create = (id: string): ClientRequest => ({ method: 'POST', path: '/_bulk', body: createReview(id) });
const month = 'reviews-2026.11';
const users: ClientRequest = { path: '/_security/user' };

/**
 * What each user may not do, and is not asked of its Secret alone: attempts on the whole way, from a pod, through the
 * Service.
 */
const forbidden: readonly (readonly [user: string, what: string, request: ClientRequest])[] = [
  ['ingest', 'searching the reviews', search('reviews')],
  ['ingest', 'reading one review', { path: `/${month}/_doc/R-1` }],
  ['ingest', 'deleting one review', { method: 'DELETE', path: `/${month}/_doc/R-1` }],
  ['ingest', 'deleting a month', { method: 'DELETE', path: `/${month}` }],
  [
    'ingest',
    'changing the mapping',
    { method: 'PUT', path: `/${month}/_mapping`, body: { properties: { more: { type: 'keyword' } } } },
  ],
  ['ingest', 'writing to another index', { method: 'PUT', path: '/another/_doc/1', body: {} }],
  ['ingest', 'listing users', users],
  ['search', 'writing a review', { method: 'PUT', path: '/reviews/_create/ATTEMPT', body: reviewOf('ATTEMPT') }],
  ['search', 'deleting a month', { method: 'DELETE', path: `/${month}` }],
  [
    'search',
    'changing a setting of the cluster',
    { method: 'PUT', path: '/_cluster/settings', body: { persistent: { 'cluster.max_shards_per_node': 1001 } } },
  ],
  ['search', 'listing users', users],
  ['analyst', 'writing a review', { method: 'PUT', path: '/reviews/_create/ATTEMPT', body: reviewOf('ATTEMPT') }],
  ['analyst', 'deleting a month', { method: 'DELETE', path: `/${month}` }],
  ['analyst', 'deleting one review', { method: 'DELETE', path: `/${month}/_doc/R-1` }],
  ['erase', 'writing a review', { method: 'PUT', path: '/reviews/_create/ATTEMPT', body: reviewOf('ATTEMPT') }],
  ['erase', 'listing users', users],
  ['erase', 'deleting a month', { method: 'DELETE', path: `/${month}` }],
  ['setup', 'searching the reviews', search('reviews')],
  ['setup', 'writing a review', { method: 'PUT', path: '/reviews/_create/ATTEMPT', body: reviewOf('ATTEMPT') }],
  ['setup', 'listing users', users],
  ['dashboard', 'searching the reviews', search('reviews')],
  ['dashboard', 'listing users', users],
  ['kibana', 'searching the reviews', search('reviews')],
  ['kibana', 'deleting a month', { method: 'DELETE', path: `/${month}` }],
  ['kibana', 'listing users', users],
  ['operations', 'searching the reviews', search('reviews')],
  ['operations', 'deleting a month', { method: 'DELETE', path: `/${month}` }],
  ['operations', 'asking indices for their figures', { method: 'GET', path: '/_stats' }],
  ['operations', 'asking nodes for their figures', { method: 'GET', path: '/_nodes/stats' }],
  ['operations', 'listing the tasks that run', { method: 'GET', path: '/_tasks' }],
  ['operations', 'moving a shard by hand', { method: 'POST', path: '/_cluster/reroute', body: {} }],
  ['operations', 'listing users', users],
];

const attempts = ({ client, stranger }: Readonly<Record<'client' | 'stranger', Client>>, node: string): Attempt[] => [
  { who: 'a client without credentials', client, request: { path: '/_cluster/health', as: 'nobody' }, expected: 401 },
  {
    who: 'a client that speaks plain HTTP',
    client,
    request: { path: '/_cluster/health', over: 'http' },
    expected: 'refused',
  },
  ...forbidden.map(
    ([user, what, request]): Attempt => ({
      who: `user ${user}, ${what}`,
      client,
      request: { ...request, as: user },
      expected: 403,
    }),
  ),
  {
    who: 'a client, calling the port of the nodes',
    client,
    request: { path: '/', host: node, port: 9300 },
    expected: 'no connection',
  },
  {
    who: 'a pod without the label of clients, through the Service',
    client: stranger,
    request: { path: '/' },
    expected: 'no connection',
  },
  {
    who: 'a pod without the label of clients, directly',
    client: stranger,
    request: { path: '/', host: node },
    expected: 'no connection',
  },
  {
    who: 'a pod without the label of clients, calling the port of the nodes',
    client: stranger,
    request: { path: '/', host: node, port: 9300 },
    expected: 'no connection',
  },
];

const tryAll = async (all: readonly Attempt[], tried: Bed['tried']): Promise<void> => {
  const wrong: object[] = [];
  for (const { who, client, request, expected } of all) {
    const answer = outcome(await client.send(request));
    if (answer !== expected) wrong.push({ who, expected, answer });
    tried(who, String(answer));
    say(`  ${who}: ${answer}`);
  }
  expect(wrong).toEqual([]);
};

/** Seconds between the answer to the write, at `then`, and the answer to a search that found it. */
const foundAfter = async (reader: Client, id: string, then: number): Promise<number> =>
  until('the review found', { seconds: 30, every: 0.1 }, async () => {
    const {
      status,
      body = '',
      at,
    } = await reader.send({ ...search('reviews'), body: { query: { ids: { values: [id] } } } });
    return status === 200 && body.includes(`"${id}"`) ? Math.round((at - then) / 100) / 10 : undefined;
  });

const allUsers = ['elastic', ...new Set(forbidden.map(([user]) => user))];

export const clientAccess: Scenario = {
  name: 'client-access',
  does:
    'a review written through the Service is found from another pod within 2 s; plain HTTP is refused, no ' +
    'credentials get 401, the wrong user 403, a pod without the label of clients no connection',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 6,
  async run({ namespace, tried }) {
    const client = await Client.start(namespace, 'client', { users: allUsers });
    const reader = await Client.start(namespace, 'reader', { users: ['search'] });
    const stranger = await Client.start(namespace, 'stranger', { stranger: true });
    const id = `ACCESS-${Date.now()}`;
    try {
      const written = await client.send({ ...create(id), as: 'ingest' });
      expect({ status: written.status, errors: /"errors":\s*true/.test(written.body ?? '') }).toEqual({
        status: 200,
        errors: false,
      });
      const seconds = await foundAfter(reader, id, written.at);
      say(`  found ${seconds} s after it was acknowledged`);
      tried(
        'user search, from another pod, for a review that user ingest has just written',
        `found after ${seconds} s`,
      );
      expect(seconds).toBeLessThanOrEqual(set === 'full' ? 2 : 15);
      const [node] = await elasticsearchPods(namespace);
      await tryAll(attempts({ client, stranger }, node?.ip ?? ''), tried);
      expect((await client.send({ ...create('ATTEMPT'), as: 'search' })).body).not.toMatch(/"status":\s*201/);
    } finally {
      await client
        .send({
          method: 'POST',
          path: '/reviews/_delete_by_query?conflicts=proceed',
          body: { query: { ids: { values: [id] } } },
        })
        .catch(() => undefined);
      for (const one of [client, reader, stranger]) await one.stop();
    }
  },
};
