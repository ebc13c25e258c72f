import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { after, changes, reset, start, stop } from './support/pre-stop.ts';
import { world } from './support/world.ts';

beforeEach(reset);
afterEach(() => world.pod.stop());

describe('leaving for good', () => {
  const five = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3', 'elasticsearch-4'];
  beforeEach(() => {
    world.cluster = { members: five, shards: ['load-0 0 STARTED elasticsearch-0', 'load-0 0 STARTED elasticsearch-1'] };
    return start('elasticsearch-4');
  });

  test('excludes all that leave by one string, which is the same from each of them', async () => {
    await stop();
    expect(changes()[0]).toBe(
      'PUT /_cluster/settings ' +
        '{"persistent":{"cluster.routing.allocation.exclude._name":"elasticsearch-3,elasticsearch-4"}}',
    );
  });

  test.each([3, 4])('goes for elasticsearch-%d of three wanted', async (ordinal) => {
    await world.pod.stop();
    await start(`elasticsearch-${ordinal}`);
    expect(await stop()).toContain('leaving for good after');
  });

  test('stays a farewell when the API server falls silent, or forgets the token, on the way', async () => {
    world.cluster = {
      ...world.cluster,
      shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'],
    };
    after(2, () => {
      world.pod.onKubernetes = () => ({ status: 401 });
    });
    after(5, () => {
      world.cluster = {
        ...world.cluster,
        shards: ['load-0 0 STARTED elasticsearch-0', 'load-0 0 STARTED elasticsearch-3'],
      };
    });
    expect(await stop()).toContain('the data has moved, the vote is given up');
    expect(changes().at(-1)).toContain('POST /_cluster/voting_config_exclusions?node_names=elasticsearch-4');
  });

  test('waits longer than without an answer while Elasticsearch is too busy for one', async () => {
    const answer = world.pod.onElasticsearch;
    const end = Date.now() + 2500;
    world.pod.onElasticsearch = (call) => (Date.now() < end ? { status: 429 } : answer(call));
    expect(await stop()).toContain('leaving for good after');
  });

  test('is told by the place in the StatefulSet, whatever number that begins with', async () => {
    await world.pod.stop();
    world.facts = { replicas: 3, start: 5 };
    await start('elasticsearch-7');
    world.cluster = {
      members: ['elasticsearch-5', 'elasticsearch-6', 'elasticsearch-7'],
      shards: ['load-0 0 STARTED elasticsearch-7', 'load-0 0 STARTED elasticsearch-6'],
    };
    expect(await stop()).toContain('leaving for a restart after');
    expect(changes()).toEqual([]);
  });

  test('does not write what is written already', async () => {
    world.cluster = { ...world.cluster, excluded: 'elasticsearch-3,elasticsearch-4' };
    await stop();
    expect(changes().some((change) => change.startsWith('PUT'))).toBe(false);
  });

  test('waits until its shards have moved to a node that stays, then gives up its vote', async () => {
    world.cluster = {
      ...world.cluster,
      shards: ['load-0 0 RELOCATING elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'],
    };
    after(3, () => {
      world.cluster = {
        ...world.cluster,
        shards: ['load-0 0 STARTED elasticsearch-0', 'load-0 0 STARTED elasticsearch-3'],
      };
    });
    const said = await stop();
    expect(said).toContain('leaving for good: 1 shards are still here');
    expect(said).toContain('the data has moved, the vote is given up');
    expect(changes().at(-1)).toBe('POST /_cluster/voting_config_exclusions?node_names=elasticsearch-4&timeout=20s');
  });

  test.each([
    ['the last copy', ['load-0 0 STARTED elasticsearch-4']],
    ['the last started copy', ['load-0 0 STARTED elasticsearch-4', 'load-0 0 INITIALIZING elasticsearch-1']],
    [
      'one whose only other copy leaves as well',
      ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'],
    ],
  ])('does not leave with %s', async (_, shards) => {
    world.cluster = { ...world.cluster, shards };
    const said = await stop({ PRE_STOP_MOVE_SECONDS: '3' });
    expect(said).toContain('leaving: 3 s have passed, although: leaving for good: 1 shards are still here');
    // The data comes back with its disk, but without this vote the others might never elect a master again.
    expect(changes().at(-1)).toContain('POST /_cluster/voting_config_exclusions?node_names=elasticsearch-4');
  });

  test('leaves a copy that fits nowhere else, when another one stays in the cluster', async () => {
    world.cluster = {
      ...world.cluster,
      shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-1'],
    };
    expect(await stop()).toContain('the data has moved, the vote is given up');
  });

  test.each([
    ['anything moves', { relocating: 1 }],
    ['anything recovers', { initializing: 1 }],
    [
      'a node is away that it could move to',
      { members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-3', 'elasticsearch-4'] },
    ],
  ])('does not take a copy for one that fits nowhere while %s', async (_, now) => {
    world.cluster = {
      ...world.cluster,
      shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-1'],
      ...now,
    };
    expect(await stop({ PRE_STOP_MOVE_SECONDS: '3' })).toContain('leaving: 3 s have passed, although');
  });

  test('of more than two copies leaves two in the cluster', async () => {
    world.cluster = {
      ...world.cluster,
      shards: [
        'load-0 0 STARTED elasticsearch-4',
        'load-0 0 STARTED elasticsearch-1',
        'load-0 0 STARTED elasticsearch-3',
      ],
    };
    expect(await stop({ PRE_STOP_MOVE_SECONDS: '3' })).toContain('leaving: 3 s have passed, although');
  });

  test('of a pod below the first wanted one, too', async () => {
    await world.pod.stop();
    world.facts = { replicas: 3, start: 1 };
    await start('elasticsearch-0');
    world.cluster = { members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3'] };
    expect(await stop()).toContain('leaving for good after');
    expect(changes()[0]).toContain('"cluster.routing.allocation.exclude._name":"elasticsearch-0"');
  });

  test('does not go while no master is elected, and says so', async () => {
    const handler = world.pod.onElasticsearch;
    let asked = 0;
    world.pod.onElasticsearch = (call) => ((asked += 1) <= 6 ? { status: 503 } : handler(call));
    const said = await stop();
    expect(said).toContain('leaving for good: no master is elected, so nothing can move');
    expect(said).toContain('the data has moved, the vote is given up');
  });

  test('does not go while its vote is needed, and says so', async () => {
    world.cluster = {
      ...world.cluster,
      voteAnswer: { status: 400, body: { error: { reason: 'these nodes would be no cluster' }, status: 400 } },
    };
    expect(await stop({ PRE_STOP_MOVE_SECONDS: '2' })).toContain(
      'the vote cannot be given up yet (HTTP 400): these nodes would be no cluster',
    );
  });

  test('that turns into a restart has the whole time of one', async () => {
    world.cluster = {
      ...world.cluster,
      shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'],
    };
    const handler = world.pod.onElasticsearch;
    const begin = Date.now();
    world.pod.onElasticsearch = (call) => {
      const seconds = (Date.now() - begin) / 1000;
      if (seconds > 3) world.facts.replicas = 5;
      // For a second after that nobody could spare this node.
      world.cluster = {
        ...world.cluster,
        shards: [
          'load-0 0 STARTED elasticsearch-4',
          seconds > 4 ? 'load-0 0 STARTED elasticsearch-3' : 'load-0 0 INITIALIZING elasticsearch-3',
        ],
      };
      return handler(call);
    };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '3' })).toContain('leaving for a restart after');
  });

  test('turns into a restart when the node is wanted again meanwhile', async () => {
    world.cluster = {
      ...world.cluster,
      shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'],
    };
    after(2, () => {
      world.facts.replicas = 5;
    });
    expect(await stop()).toContain('leaving for a restart after');
  });
});
