// What a client in the namespace gets, and what nobody gets.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { Client, type ClientAnswer, type ClientRequest } from '../harness/client.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, threeNodes, type Scenario } from '../harness/scenario.ts';
import { artifacts } from '../harness/settings.ts';
import { until } from '../harness/until.ts';

interface Found {
  readonly hits: { readonly total: { readonly value: number } };
}
interface Attempt {
  readonly who: string;
  readonly client: Client;
  readonly request: ClientRequest;
  readonly expected: number | 'refused' | 'no connection';
}

const index = 'client-access';
const search = { method: 'POST', path: `/${index}/_search`, body: { query: { match: { text: 'parcel' } } } } as const;

/** Refused: somebody answers, but not this. No connection: nobody does. */
const outcome = ({ status, error = '' }: ClientAnswer): Attempt['expected'] | string => {
  if (status !== undefined) return status;
  if (/ECONNRESET|socket hang up|HPE_/.test(error)) return 'refused';
  return /ABORT|TIMEDOUT|ECONNREFUSED|EHOSTUNREACH/.test(error) ? 'no connection' : error;
};

const attempts = (clients: Readonly<Record<'writer' | 'reader' | 'searcher' | 'stranger', Client>>, node: string): Attempt[] => {
  const { reader, searcher, stranger } = clients;
  return [
    { who: 'a client without credentials', client: reader, request: { path: '/_cluster/health', as: 'nobody' }, expected: 401 },
    { who: 'a client that speaks plain HTTP', client: reader, request: { path: '/_cluster/health', over: 'http' }, expected: 'refused' },
    { who: 'user search, writing', client: searcher, request: { method: 'PUT', path: `/${index}/_doc/2`, body: { text: 'no' } }, expected: 403 },
    { who: 'user search, deleting an index', client: searcher, request: { method: 'DELETE', path: `/${index}` }, expected: 403 },
    { who: 'user search, changing a setting of the cluster', client: searcher, request: { method: 'PUT', path: '/_cluster/settings', body: { persistent: { 'cluster.max_shards_per_node': 1001 } } }, expected: 403 },
    { who: 'a client, calling the port of the nodes', client: reader, request: { path: '/', host: node, port: 9300 }, expected: 'no connection' },
    { who: 'a pod without the label of clients, through the Service', client: stranger, request: { path: '/' }, expected: 'no connection' },
    { who: 'a pod without the label of clients, directly', client: stranger, request: { path: '/', host: node }, expected: 'no connection' },
    { who: 'a pod without the label of clients, calling the port of the nodes', client: stranger, request: { path: '/', host: node, port: 9300 }, expected: 'no connection' },
  ];
};

const tryAll = async (all: readonly Attempt[]): Promise<void> => {
  const rows: string[] = ['| attempt | answer |', '|---|---|'];
  const wrong: object[] = [];
  for (const { who, client, request, expected } of all) {
    const answer = outcome(await client.send(request));
    if (answer !== expected) wrong.push({ who, expected, answer });
    rows.push(`| ${who} | ${answer} |`);
    say(`  ${who}: ${answer}`);
  }
  writeFileSync(join(artifacts, 'attempts.md'), `${rows.join('\n')}\n`);
  expect(wrong).toEqual([]);
};

export const clientAccess: Scenario = {
  name: 'client-access',
  does: 'a document indexed through the Service is found from another pod; plain HTTP is refused, no credentials get 401, the wrong user 403, a pod without the label of clients no connection',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 6,
  async run({ namespace }) {
    const names = { writer: {}, reader: {}, searcher: { user: 'search' }, stranger: { stranger: true } };
    const started = await Promise.all(Object.entries(names).map(async ([name, options]) => [name, await Client.start(namespace, `client-${name}`, options)] as const));
    const clients = Object.fromEntries(started) as Record<keyof typeof names, Client>;
    try {
      const document = { text: 'The courier left my parcel with a neighbour' };
      expect((await clients.writer.send({ method: 'PUT', path: `/${index}/_doc/1`, body: document })).status).toBe(201);
      await until('the document found', { seconds: 15 }, async () => {
        const { status, body = '{}' } = await clients.reader.send(search);
        return status === 200 && (JSON.parse(body) as Found).hits.total.value === 1;
      });
      const [node] = await elasticsearchPods(namespace);
      await tryAll(attempts(clients, node?.ip ?? ''));
    } finally {
      await clients.writer.send({ method: 'DELETE', path: `/${index}` });
      for (const client of Object.values(clients)) await client.stop();
    }
  },
};
