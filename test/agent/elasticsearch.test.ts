// What the client sends to the own Elasticsearch, and what it makes of the answers; what they hold is parse.test.ts.
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ElasticsearchClient, elasticsearchClient } from '../../base/elasticsearch/agent/elasticsearch.ts';
import { ownFiles } from '../../base/elasticsearch/agent/own-files.ts';
import { readSettings } from '../../base/elasticsearch/agent/settings.ts';
import { certificate } from '../support/certificate.ts';
import { type Handler, TestServer } from '../support/test-server.ts';
import { blocksWithoutState } from './support/answers.ts';
import { environment } from './support/environment.ts';

let folder: string;
let server: TestServer;
let handler: Handler;
let client: ElasticsearchClient;
let ends: number[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'elasticsearch-'));
  for (const name of ['operations', 'authority', 'formed']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'authority/ca.crt'), certificate().cert);
  writeFileSync(join(folder, 'operations/username'), 'operations');
  writeFileSync(join(folder, 'operations/password'), 'a:password\n');
  handler = cluster();
  server = await TestServer.start(() => handler);
  const settings = readSettings(environment(folder, { elasticsearchPort: server.port }));
  ends = [];
  const files = ownFiles(settings.folders.agent, settings.folders.formed);
  client = elasticsearchClient(settings, files, (at) => ends.push(at), 2);
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const state = {
  cluster_uuid: 'u',
  master_node: 'id-0',
  nodes: {
    'id-0': { name: 'elasticsearch-0', ephemeral_id: 'e-0' },
    'id-1': { name: 'elasticsearch-1', ephemeral_id: 'e-1' },
  },
  metadata: { cluster_coordination: { last_committed_config: ['id-0'], voting_config_exclusions: [] } },
};

const cluster =
  (changes: Readonly<Record<string, object | string>> = {}): Handler =>
  ({ path }) => {
    const changed = Object.entries(changes).find(([prefix]) => path.startsWith(prefix))?.[1];
    if (changed !== undefined) return { body: changed };
    if (path.startsWith('/_nodes/_local')) return { body: { nodes: { 'id-1': { name: 'elasticsearch-1' } } } };
    if (path.startsWith('/_cluster/settings')) return { body: { persistent: {}, transient: {} } };
    return path.startsWith('/_cluster/state') ? { body: state } : undefined;
  };

const paths = (): string[] => server.calls.map(({ method, path }) => `${method} ${path.split('?', 1)[0]}`);
const last = (): string => {
  const { method, path, body } = server.calls.at(-1) ?? { method: '', path: '', body: '' };
  return `${method} ${path} ${body}`.trim();
};

test('the picture has the cluster’s state last, so that it is not older than the settings', async () => {
  expect(await client.picture()).toMatchObject({ ok: true, value: { clusterUuid: 'u', me: { ephemeralId: 'e-1' } } });
  expect(paths()).toEqual([
    'GET /_nodes/_local/_none',
    'GET /_cluster/settings',
    'GET /_cluster/state/master_node,nodes,metadata,routing_table',
  ]);
  expect(server.calls[0]?.login).toBe('operations:a:password');
});

test('each answer tells when the certificate ends that the node serves', async () => {
  await client.picture();
  const end = Date.parse(new X509Certificate(certificate().cert).validTo) / 1000;
  expect(ends).toEqual([end, end, end]);
});

test.each(['/_nodes', '/_cluster/settings', '/_cluster/state'])('there is no picture where %s fails', async (path) => {
  handler = cluster({ [path]: '{"nodes":{"id-1":{"na' });
  expect(await client.picture()).toMatchObject({ ok: false, trouble: 'not-understood' });
});

test('a node of another cluster than the known one is not understood', async () => {
  writeFileSync(join(folder, 'formed/cluster_uuid'), 'another');
  expect(await client.self()).toMatchObject({ ok: false, trouble: 'not-understood' });
  expect(await client.picture()).toMatchObject({ ok: false, trouble: 'not-understood' });
});

test('the node itself and the master are small questions', async () => {
  expect(await client.self()).toEqual({
    ok: true,
    value: { id: 'id-1', name: 'elasticsearch-1', ephemeralId: 'e-1' },
  });
  expect(await client.master()).toEqual({ ok: true, value: { id: 'id-0', clusterUuid: 'u' } });
  handler = ({ path }) => (path.startsWith('/_cluster/state/blocks?') ? { body: blocksWithoutState } : undefined);
  expect(await client.recovered()).toEqual({ ok: true, value: false });
});

describe('changes', () => {
  test('are sent as they are meant', async () => {
    handler = () => ({ body: {} });
    expect(
      await client.changeSettings(
        new Map([
          ['a.b', 'c'],
          ['d', null],
        ] as const),
      ),
    ).toMatchObject({ ok: true });
    expect(last()).toBe('PUT /_cluster/settings?master_timeout=10s&timeout=10s {"persistent":{"a.b":"c","d":null}}');
    await client.giveUpVote('elasticsearch-1', 1);
    expect(last()).toBe(
      'POST /_cluster/voting_config_exclusions?node_names=elasticsearch-1&master_timeout=1s&timeout=1s',
    );
    await client.giveUpVotesOf(['x', 'y/z'], 1);
    expect(last()).toBe('POST /_cluster/voting_config_exclusions?node_ids=x,y%2Fz&master_timeout=1s&timeout=1s');
    await client.clearVotingExclusions();
    expect(last()).toBe('DELETE /_cluster/voting_config_exclusions?wait_for_removal=false');
  });

  test('are done by the status, whatever the text', async () => {
    handler = () => ({ body: '' });
    expect(await client.giveUpVote('elasticsearch-1', 1)).toEqual({ ok: true, value: undefined });
  });
});

describe('the health', () => {
  const health = {
    status: 'green',
    timed_out: false,
    relocating_shards: 0,
    initializing_shards: 0,
    unassigned_shards: 0,
    delayed_unassigned_shards: 0,
    number_of_in_flight_fetch: 0,
  };

  test('is asked for as it is, or when the master has no task left', async () => {
    handler = () => ({ body: health });
    expect(await client.health(false)).toMatchObject({ ok: true, value: { status: 'green' } });
    expect(last()).toBe('GET /_cluster/health?master_timeout=3s');
    await client.health(true);
    expect(last()).toBe('GET /_cluster/health?wait_for_events=languid&timeout=3s');
    expect(await client.healthText()).toEqual({ ok: true, value: JSON.stringify(health) });
  });

  test('with 408 is busy', async () => {
    handler = () => ({ status: 408, body: { ...health, timed_out: true } });
    expect(await client.health(true)).toMatchObject({ ok: false, trouble: 'busy' });
  });
});

test.each([
  [503, { error: { type: 'master_not_discovered_exception' } }, 'no-master'],
  [503, { error: { type: 'cluster_block_exception' } }, 'no-master'],
  [503, { error: { type: 'process_cluster_event_timeout_exception' } }, 'busy'],
  [503, 'no healthy upstream', 'busy'],
  [429, {}, 'busy'],
  [401, {}, 'forbidden'],
  [400, { error: { type: 'illegal_argument_exception', reason: 'no such node' } }, 'refused'],
])('an answer with %i and %j is %s', async (status, body, trouble) => {
  handler = () => ({ status, body });
  expect(await client.health(false)).toMatchObject({ ok: false, trouble });
});

test('without a password nothing is asked, and it is not taken for a silent server', async () => {
  rmSync(join(folder, 'operations/password'));
  expect(await client.health(false)).toMatchObject({ ok: false, trouble: 'forbidden' });
  expect(server.calls).toEqual([]);
});
