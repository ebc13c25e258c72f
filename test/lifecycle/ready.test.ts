// When the readiness probe of a node says yes: before it has recovered what it had, and afterwards.
import { utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { uuid } from './support/pod.ts';
import { probe, start, state } from './support/ready.ts';
import { world } from './support/world.ts';

beforeEach(start);
afterEach(() => world.pod.stop());

const age = (file: string, seconds: number): void => {
  const then = Date.now() / 1000 - seconds;
  utimesSync(world.pod.path(state(file)), then, then);
};

describe('before the node has recovered', () => {
  test('a node without a master is not ready', async () => {
    world.pod.env['READINESS_PORT'] = '1';
    expect((await probe()).ready).toBe(false);
    expect(world.pod.elasticsearch.calls).toEqual([]);
  });

  test('a node that does not answer HTTP is not ready', async () => {
    world.pod.onElasticsearch = () => ({ status: 503 });
    expect((await probe()).ready).toBe(false);
  });

  test('a node of a green cluster is ready, and has written down that the cluster has formed', async () => {
    expect(await probe()).toMatchObject({ ready: true, said: 'ready\n' });
    expect(world.facts.formed?.uuid).toBe(uuid);
  });

  test('nobody is ready before that is written down', async () => {
    world.facts.refuse = 403;
    expect(await probe()).toMatchObject({
      ready: false,
      said: expect.stringContaining('cannot write ConfigMap elasticsearch-formed (HTTP 403'),
    });
  });

  test('a node of a second cluster is not ready: another one is written down', async () => {
    world.facts.formed = { uuid: 'another', manager: 'elasticsearch-0' };
    expect(await probe()).toMatchObject({
      ready: false,
      said: expect.stringContaining('409 means that another cluster is known'),
    });
    expect(world.facts.formed.uuid).toBe('another');
  });

  test('a node of a second cluster is not ready: another one is mounted', async () => {
    world.pod.write('formed/cluster_uuid', 'another');
    expect(await probe()).toMatchObject({
      ready: false,
      said: expect.stringContaining(`belongs to cluster ${uuid}, but the known cluster is another`),
    });
    expect(world.pod.kubernetes.calls).toEqual([]);
  });

  test('a node of no cluster yet is not ready', async () => {
    world.cluster = { uuid: '_na_' };
    expect((await probe()).ready).toBe(false);
    expect(world.facts.formed).toBeUndefined();
  });

  test('a shard that recovers here is waited for, however long nothing seems to move', async () => {
    world.cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    expect((await probe()).ready).toBe(false);
    age('picture', 1000);
    expect((await probe()).ready).toBe(false);
  });

  test('a copy that may come here waits for recoveries of other nodes, however long nothing else moves', async () => {
    world.cluster = {
      status: 'yellow',
      unassigned: 1,
      initializing: 1,
      shards: ['load-0 0 INITIALIZING elasticsearch-10', 'load-1 0 UNASSIGNED'],
    };
    expect((await probe()).ready).toBe(false);
    age('picture', 1000);
    expect((await probe()).ready).toBe(false);
    world.cluster = { status: 'yellow', unassigned: 1, shards: ['load-1 0 UNASSIGNED'] };
    age('picture', 31);
    expect(await probe()).toMatchObject({
      ready: true,
      said: expect.stringMatching(/has not moved for 3\d s: load-1\/0/),
    });
  });

  test('what cannot be assigned is not waited for longer than the stall time', async () => {
    world.cluster = { status: 'yellow', unassigned: 1, shards: ['load-1 0 UNASSIGNED'] };
    expect((await probe()).ready).toBe(false);
    expect((await probe()).ready).toBe(false);
    age('picture', 31);
    expect((await probe()).ready).toBe(true);
  });

  test('the stall time begins anew when something has moved', async () => {
    world.cluster = { status: 'yellow', unassigned: 2, shards: ['load-1 0 UNASSIGNED', 'load-2 0 UNASSIGNED'] };
    expect((await probe()).ready).toBe(false);
    world.cluster = {
      status: 'yellow',
      unassigned: 1,
      shards: ['load-1 0 STARTED elasticsearch-0', 'load-2 0 UNASSIGNED'],
    };
    age('picture', 31);
    expect((await probe()).ready).toBe(false);
  });

  test('a copy delayed in case its node returns is waited for: this node may have to recover it', async () => {
    world.cluster = { status: 'yellow', unassigned: 1, delayed: 1, shards: ['load-1 0 UNASSIGNED'] };
    expect((await probe()).ready).toBe(false);
    age('picture', 31);
    expect((await probe()).ready).toBe(false);
    world.cluster = { ...world.cluster, delayed: 0 };
    age('picture', 31);
    expect((await probe()).ready).toBe(true);
  });

  test('a copy of what is here already is none that this node could get', async () => {
    world.cluster = {
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
    world.cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    expect((await probe()).ready).toBe(false);
    age('first', 3601);
    expect(await probe()).toMatchObject({
      ready: true,
      said: expect.stringContaining('although shards still recover'),
    });
  });

  test('the turn to restart is given back, by its holder only', async () => {
    world.facts.lease = { holder: 'elasticsearch-2', renewed: '', manager: 'elasticsearch-2', version: 1 };
    expect((await probe()).ready).toBe(true);
    expect(world.facts.lease.holder).toBe('elasticsearch-2');
  });

  test('the turn to restart is given back when the node is ready', async () => {
    world.facts.lease = { holder: 'elasticsearch-1', renewed: '', manager: 'elasticsearch-1', version: 1 };
    world.cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    await probe();
    expect(world.facts.lease.holder).toBe('elasticsearch-1');
    world.cluster = {};
    await probe();
    expect(world.facts.lease.holder).toBe('');
  });
});

describe('once the node has recovered', () => {
  beforeEach(async () => {
    expect((await probe()).ready).toBe(true);
  });

  test('a yellow cluster with shards that recover here does not make it unready', async () => {
    world.cluster = { status: 'yellow', initializing: 1, shards: ['load-0 0 INITIALIZING elasticsearch-1'] };
    expect((await probe()).ready).toBe(true);
  });

  test('a node without a master is unready, and is ready at once when there is one again', async () => {
    const port = world.pod.env['READINESS_PORT'] ?? '';
    expect((await probe({ READINESS_PORT: '1' })).ready).toBe(false);
    expect((await probe({ READINESS_PORT: port })).ready).toBe(true);
  });

  test('a node that does not answer HTTP any more is unready', async () => {
    world.pod.onElasticsearch = () => ({ status: 503 });
    expect((await probe()).ready).toBe(false);
  });

  test('the API server is not needed any more', async () => {
    world.facts.refuse = 500;
    expect((await probe()).ready).toBe(true);
  });
});
