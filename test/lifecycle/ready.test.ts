import { readdirSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ClusterFacts, elasticsearch } from './support/elasticsearch.ts';
import { type KubernetesFacts, kubernetes } from './support/kubernetes.ts';
import { messages, Pod, uuid } from './support/pod.ts';

let pod: Pod;
let cluster: ClusterFacts;
let facts: KubernetesFacts;

beforeEach(async () => {
  pod = await Pod.start('elasticsearch-1');
  cluster = { shards: ['load-0 0 STARTED elasticsearch-1'] };
  facts = { replicas: 3 };
  pod.onElasticsearch = elasticsearch(() => cluster);
  pod.onKubernetes = kubernetes(facts);
  await pod.openReadiness();
  Object.assign(pod.env, { READY_RECOVERY_SECONDS: '3600', READY_STALL_SECONDS: '30' });
});
afterEach(() => pod.stop());

const probe = async (env: Record<string, string> = {}): Promise<{ ready: boolean; said: string }> => {
  const { code, stdout, stderr } = await pod.run('ready.sh', env);
  expect(stderr).toBe('');
  return { ready: code === 0, said: messages(stdout) };
};

/** The one folder of this start of the container. */
const state = (file: string): string => pod.path('state', readdirSync(pod.path('state'))[0] ?? '', file);

const age = (file: string, seconds: number): void => {
  const then = Date.now() / 1000 - seconds;
  utimesSync(state(file), then, then);
};

describe('before the node has recovered', () => {
  test('a node without a master is not ready', async () => {
    pod.env['READINESS_PORT'] = '1';
    expect((await probe()).ready).toBe(false);
    expect(pod.elasticsearch.calls).toEqual([]);
  });

  test('a node that does not answer HTTP is not ready', async () => {
    pod.onElasticsearch = () => ({ status: 503 });
    expect((await probe()).ready).toBe(false);
  });

  test('a node of a green cluster is ready, and has written down that the cluster has formed', async () => {
    expect(await probe()).toMatchObject({ ready: true, said: 'ready\n' });
    expect(facts.formed?.uuid).toBe(uuid);
  });

  test('nobody is ready before that is written down', async () => {
    facts.refuse = 403;
    expect(await probe()).toMatchObject({
      ready: false,
      said: expect.stringContaining('cannot write ConfigMap elasticsearch-formed (HTTP 403'),
    });
  });

  test('a node of a second cluster is not ready: another one is written down', async () => {
    facts.formed = { uuid: 'another', manager: 'elasticsearch-0' };
    expect(await probe()).toMatchObject({
      ready: false,
      said: expect.stringContaining('409 means that another cluster is known'),
    });
    expect(facts.formed.uuid).toBe('another');
  });

  test('a node of a second cluster is not ready: another one is mounted', async () => {
    pod.write('formed/cluster_uuid', 'another');
    expect(await probe()).toMatchObject({
      ready: false,
      said: expect.stringContaining(`belongs to cluster ${uuid}, but the known cluster is another`),
    });
    expect(pod.kubernetes.calls).toEqual([]);
  });

  test('a node of no cluster yet is not ready', async () => {
    cluster = { uuid: '_na_' };
    expect((await probe()).ready).toBe(false);
    expect(facts.formed).toBeUndefined();
  });

  test('a shard that recovers here is waited for, however long nothing seems to move', async () => {
    cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    expect((await probe()).ready).toBe(false);
    age('picture', 1000);
    expect((await probe()).ready).toBe(false);
  });

  test('a copy that may come here waits for recoveries of other nodes, however long nothing else moves', async () => {
    cluster = {
      status: 'yellow',
      unassigned: 1,
      initializing: 1,
      shards: ['load-0 0 INITIALIZING elasticsearch-10', 'load-1 0 UNASSIGNED'],
    };
    expect((await probe()).ready).toBe(false);
    age('picture', 1000);
    expect((await probe()).ready).toBe(false);
    cluster = { status: 'yellow', unassigned: 1, shards: ['load-1 0 UNASSIGNED'] };
    age('picture', 31);
    expect(await probe()).toMatchObject({
      ready: true,
      said: expect.stringMatching(/has not moved for 3\d s: load-1\/0/),
    });
  });

  test('what cannot be assigned is not waited for longer than the stall time', async () => {
    cluster = { status: 'yellow', unassigned: 1, shards: ['load-1 0 UNASSIGNED'] };
    expect((await probe()).ready).toBe(false);
    expect((await probe()).ready).toBe(false);
    age('picture', 31);
    expect((await probe()).ready).toBe(true);
  });

  test('the stall time begins anew when something has moved', async () => {
    cluster = { status: 'yellow', unassigned: 2, shards: ['load-1 0 UNASSIGNED', 'load-2 0 UNASSIGNED'] };
    expect((await probe()).ready).toBe(false);
    cluster = { status: 'yellow', unassigned: 1, shards: ['load-1 0 STARTED elasticsearch-0', 'load-2 0 UNASSIGNED'] };
    age('picture', 31);
    expect((await probe()).ready).toBe(false);
  });

  test('a copy delayed in case its node returns is waited for: this node may have to recover it', async () => {
    cluster = { status: 'yellow', unassigned: 1, delayed: 1, shards: ['load-1 0 UNASSIGNED'] };
    expect((await probe()).ready).toBe(false);
    age('picture', 31);
    expect((await probe()).ready).toBe(false);
    cluster = { ...cluster, delayed: 0 };
    age('picture', 31);
    expect((await probe()).ready).toBe(true);
  });

  test('a copy of what is here already is none that this node could get', async () => {
    cluster = {
      status: 'yellow',
      unassigned: 1,
      delayed: 1,
      initializing: 1,
      shards: [
        'load-0 0 STARTED elasticsearch-1',
        'load-0 0 UNASSIGNED',
        'load-1 0 INITIALIZING elasticsearch-0',
        'load-1 0 STARTED elasticsearch-1',
      ],
    };
    expect((await probe()).ready).toBe(true);
  });

  test('the whole wait is bounded', async () => {
    cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    expect((await probe()).ready).toBe(false);
    age('first', 3601);
    expect(await probe()).toMatchObject({
      ready: true,
      said: expect.stringContaining('although shards still recover'),
    });
  });

  test('the turn to restart is given back, by its holder only', async () => {
    facts.lease = { holder: 'elasticsearch-2', renewed: '', manager: 'elasticsearch-2', version: 1 };
    expect((await probe()).ready).toBe(true);
    expect(facts.lease.holder).toBe('elasticsearch-2');
  });

  test('the turn to restart is given back when the node is ready', async () => {
    facts.lease = { holder: 'elasticsearch-1', renewed: '', manager: 'elasticsearch-1', version: 1 };
    cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    await probe();
    expect(facts.lease.holder).toBe('elasticsearch-1');
    cluster = {};
    await probe();
    expect(facts.lease.holder).toBe('');
  });
});

describe('once the node has recovered', () => {
  beforeEach(async () => {
    expect((await probe()).ready).toBe(true);
  });

  test('a yellow cluster with shards that recover here does not make it unready', async () => {
    cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    expect((await probe()).ready).toBe(true);
  });

  test('a node without a master is unready, and is ready at once when there is one again', async () => {
    const port = pod.env['READINESS_PORT'] ?? '';
    expect((await probe({ READINESS_PORT: '1' })).ready).toBe(false);
    expect((await probe({ READINESS_PORT: port })).ready).toBe(true);
  });

  test('a node that does not answer HTTP any more is unready', async () => {
    pod.onElasticsearch = () => ({ status: 503 });
    expect((await probe()).ready).toBe(false);
  });

  test('the API server is not needed any more', async () => {
    facts.refuse = 500;
    expect((await probe()).ready).toBe(true);
  });
});

describe('what leaving nodes wrote', () => {
  const changes = (): { method: string; path: string; body: string }[] =>
    pod.elasticsearch.calls
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path, body }) => ({ method, path, body }));
  beforeEach(() => {
    cluster = { master: 'elasticsearch-1' };
  });

  test('is taken back when they are gone', async () => {
    cluster = {
      ...cluster,
      excluded: 'elasticsearch-3,elasticsearch-4',
      votesGivenUp: ['elasticsearch-3', 'elasticsearch-4'],
    };
    await probe();
    expect(changes()).toEqual([
      {
        method: 'PUT',
        path: '/_cluster/settings',
        body: '{"persistent":{"cluster.routing.allocation.exclude._name":null}}',
      },
      { method: 'DELETE', path: '/_cluster/voting_config_exclusions?wait_for_removal=false', body: '' },
    ]);
  });

  test('is taken back from a node that is wanted again', async () => {
    facts.replicas = 4;
    const members = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3', 'elasticsearch-4'];
    cluster = {
      ...cluster,
      members,
      excluded: 'elasticsearch-3,elasticsearch-4',
      votesGivenUp: ['elasticsearch-3', 'elasticsearch-4'],
    };
    await probe();
    // the votes of all are cleared at once, so not while one is leaving
    expect(changes().map(({ body }) => body)).toEqual([
      '{"persistent":{"cluster.routing.allocation.exclude._name":"elasticsearch-4"}}',
    ]);
  });

  test('stays while they leave', async () => {
    const members = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3', 'elasticsearch-4'];
    cluster = { ...cluster, members, excluded: 'elasticsearch-3,elasticsearch-4', votesGivenUp: ['elasticsearch-3'] };
    await probe();
    expect(changes()).toEqual([]);
  });

  test('stays when nobody can tell how many nodes are wanted', async () => {
    await probe();
    facts.refuse = 503;
    cluster = { ...cluster, excluded: 'elasticsearch-3' };
    pod.write(`state/${readdirSync(pod.path('state'))[0] ?? ''}/tidied`, '0');
    await probe();
    expect(changes()).toEqual([]);
  });

  test("is the elected master's to take back", async () => {
    cluster = { master: 'elasticsearch-10', excluded: 'elasticsearch-3' };
    await probe();
    expect(changes()).toEqual([]);
  });

  test('is looked at every 30 s, not at each probe', async () => {
    await probe();
    cluster = { ...cluster, excluded: 'elasticsearch-3' };
    await probe();
    expect(changes()).toEqual([]);
  });
});
