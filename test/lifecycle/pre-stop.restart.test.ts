import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { after, changes, reset, start, stop } from './support/pre-stop.ts';
import { world } from './support/world.ts';

beforeEach(reset);
afterEach(() => world.pod.stop());

const both = ['load-0 0 STARTED elasticsearch-1', 'load-0 0 STARTED elasticsearch-2'];

describe('when the whole StatefulSet goes', () => {
  beforeEach(() => start('elasticsearch-1'));

  test.each([
    ['scaled to nothing', { replicas: 0 }],
    ['being deleted', { replicas: 3, deleted: true }],
    ['gone', { replicas: undefined }],
  ])('%s, it leaves at once', async (_, now) => {
    Object.assign(world.facts, now);
    expect(await stop()).toContain('leaving at once: the whole StatefulSet goes');
    expect(world.pod.elasticsearch.calls).toEqual([]);
  });
});

describe('a restart', () => {
  beforeEach(() => start('elasticsearch-1'));

  test('waits until another node has started a copy of each shard', async () => {
    world.cluster = {
      shards: [
        'load-0 0 STARTED elasticsearch-1',
        'load-0 0 INITIALIZING elasticsearch-2',
        'load-1 0 STARTED elasticsearch-1',
        'load-1 0 UNASSIGNED ',
      ],
    };
    after(3, () => {
      world.cluster = { shards: [...both, 'load-1 0 STARTED elasticsearch-1', 'load-1 0 STARTED elasticsearch-0'] };
    });
    const said = await stop();
    expect(said).toContain('waiting: too few other started copies of load-0/0 load-1/0');
    expect(said).toContain('leaving for a restart after');
    expect(world.facts.lease?.holder).toBe('elasticsearch-1');
  });

  test('waits for two others of three copies: writes may wait for two', async () => {
    const two = ['load-0 0 STARTED elasticsearch-1', 'load-0 0 STARTED elasticsearch-2'];
    world.cluster = { shards: [...two, 'load-0 0 INITIALIZING elasticsearch-0'] };
    after(3, () => {
      world.cluster = { shards: [...two, 'load-0 0 STARTED elasticsearch-0'] };
    });
    const said = await stop();
    expect(said).toContain('waiting: too few other started copies of load-0/0');
    expect(said).toContain('leaving for a restart after');
  });

  test('is not held back by a fourth copy, which fits on none of three nodes', async () => {
    world.cluster = { shards: ['load-0 0 STARTED elasticsearch-0', ...both, 'load-0 0 UNASSIGNED'] };
    expect(await stop()).toContain('leaving for a restart after');
  });

  test('is not held back by an index without replicas, which nobody could spare ever', async () => {
    world.cluster = { shards: ['single 0 STARTED elasticsearch-1', ...both] };
    expect(await stop()).toContain('leaving for a restart after');
  });

  test('waits for a majority of the voters without this node', async () => {
    world.cluster = {
      members: ['elasticsearch-0', 'elasticsearch-1'],
      voters: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'],
      shards: [],
    };
    after(3, () => {
      world.cluster = {};
    });
    const said = await stop();
    expect(said).toContain('waiting: without this node the voters that are here are no majority');
    expect(said).toContain('leaving for a restart after');
  });

  test('does not take half of the voters for a majority', async () => {
    const voters = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3'];
    world.cluster = { voters, members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'] };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '1' })).toContain(
      '1 s have passed, although: waiting: without this node',
    );
  });

  test('does not count nodes without a vote', async () => {
    world.cluster = {
      members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-3', 'elasticsearch-4'],
      voters: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'],
    };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '1' })).toContain(
      '1 s have passed, although: waiting: without this node',
    );
  });

  test('waits while another one restarts', async () => {
    world.facts.lease = {
      holder: 'elasticsearch-2',
      renewed: new Date().toISOString(),
      manager: 'elasticsearch-2',
      version: 1,
    };
    after(3, () => {
      world.facts.lease = { holder: '', renewed: '', manager: 'elasticsearch-2', version: 2 };
    });
    const said = await stop();
    expect(said).toContain('waiting: elasticsearch-2 restarts');
    expect(world.facts.lease.holder).toBe('elasticsearch-1');
  });

  test('takes the turn over from one that has given no sign for long', async () => {
    world.facts.lease = {
      holder: 'elasticsearch-2',
      renewed: new Date(Date.now() - 301_000).toISOString(),
      manager: 'elasticsearch-2',
      version: 1,
    };
    expect(await stop()).toContain('took the turn over from elasticsearch-2');
    expect(world.facts.lease.holder).toBe('elasticsearch-1');
  });

  test('does not take the turn over from one that another has taken over meanwhile', async () => {
    world.facts.lease = {
      holder: 'elasticsearch-2',
      renewed: new Date(Date.now() - 301_000).toISOString(),
      manager: 'elasticsearch-2',
      version: 1,
    };
    const handler = world.pod.onKubernetes;
    world.pod.onKubernetes = (call) => {
      if (call.path.includes('force=true'))
        world.facts.lease = {
          holder: 'elasticsearch-0',
          renewed: new Date().toISOString(),
          manager: 'elasticsearch-0',
          version: 2,
        };
      return handler(call);
    };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '2' })).toContain('waiting: elasticsearch-0 restarts');
    expect(world.facts.lease.holder).toBe('elasticsearch-0');
  });

  test('renews its turn while it asks, so that nobody takes it over', async () => {
    world.cluster = { shards: both };
    await stop();
    const first = world.facts.lease?.renewed ?? '';
    await stop();
    expect(Date.parse(world.facts.lease?.renewed ?? '')).toBeGreaterThan(Date.parse(first));
  });

  describe('of the elected master', () => {
    beforeEach(() => {
      world.cluster = { master: 'elasticsearch-1', shards: both };
      const handler = world.pod.onElasticsearch;
      world.pod.onElasticsearch = (call) => {
        const answer = handler(call);
        if (!call.path.startsWith('/_cluster/voting_config_exclusions') || (answer?.status ?? 200) !== 200)
          return answer;
        world.cluster =
          call.method === 'POST'
            ? { ...world.cluster, master: 'elasticsearch-2', votesGivenUp: ['elasticsearch-1'] }
            : { ...world.cluster, votesGivenUp: [] };
        return answer;
      };
    });

    test('hands the cluster over first, and has its vote again', async () => {
      const said = await stop();
      expect(said).toMatch(/handed the cluster over to elasticsearch-2\n.*leaving for a restart after/);
      expect(changes()).toEqual([
        'POST /_cluster/voting_config_exclusions?node_names=elasticsearch-1&timeout=10s',
        'DELETE /_cluster/voting_config_exclusions?wait_for_removal=false',
      ]);
    });

    test('does not, while others give up their votes, which it would give back', async () => {
      world.cluster = { ...world.cluster, votesGivenUp: ['elasticsearch-4'] };
      expect(await stop()).toContain('leaving for a restart after');
      expect(changes()).toEqual([]);
    });

    test('happens all the same when nobody takes over', async () => {
      world.cluster = {
        ...world.cluster,
        voteAnswer: { status: 400, body: { error: { reason: 'nobody else may be elected' }, status: 400 } },
      };
      expect(await stop()).toMatch(
        /stops as the elected master: HTTP 400 nobody else may be elected\n.*leaving for a restart after/,
      );
    });
  });

  test('is bounded', async () => {
    world.cluster = { shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 UNASSIGNED '] };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '1' })).toContain(
      'leaving: 1 s have passed, although: waiting: too few other started copies of load-0/0',
    );
  });

  test.each([1, 2])('of a cluster of %d does not wait, since it cannot be spared anyway', async (replicas) => {
    world.facts.replicas = replicas;
    world.cluster = { shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 UNASSIGNED '] };
    // with one replica this pod, ordinal 1, would leave for good
    if (replicas === 1) {
      await world.pod.stop();
      await start('elasticsearch-0');
    }
    expect(await stop()).toContain(`a cluster of ${replicas} cannot spare a node anyway`);
  });

  test('leaves time for clients and proxies to notice', async () => {
    const begin = Date.now();
    await stop({ PRE_STOP_DRAIN_SECONDS: '2' });
    expect(Date.now() - begin).toBeGreaterThan(1900);
  });
});
