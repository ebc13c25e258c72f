// What the readiness probe of the elected master takes back of what leaving nodes wrote into the cluster.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { probe, start, state } from './support/ready.ts';
import { world } from './support/world.ts';

beforeEach(start);
afterEach(() => world.pod.stop());

describe('what leaving nodes wrote', () => {
  const changes = (): { method: string; path: string; body: string }[] =>
    world.pod.elasticsearch.calls
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path, body }) => ({ method, path, body }));
  beforeEach(() => {
    world.cluster = { master: 'elasticsearch-1' };
  });

  test('is taken back when they are gone', async () => {
    world.cluster = {
      ...world.cluster,
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
    world.facts.replicas = 4;
    const members = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3', 'elasticsearch-4'];
    world.cluster = {
      ...world.cluster,
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
    world.cluster = {
      ...world.cluster,
      members,
      excluded: 'elasticsearch-3,elasticsearch-4',
      votesGivenUp: ['elasticsearch-3'],
    };
    await probe();
    expect(changes()).toEqual([]);
  });

  test('stays when nobody can tell how many nodes are wanted', async () => {
    await probe();
    world.facts.refuse = 503;
    world.cluster = { ...world.cluster, excluded: 'elasticsearch-3' };
    world.pod.write(state('tidied'), '0');
    await probe();
    expect(changes()).toEqual([]);
  });

  test("is the elected master's to take back", async () => {
    world.cluster = { master: 'elasticsearch-10', excluded: 'elasticsearch-3' };
    await probe();
    expect(changes()).toEqual([]);
  });

  test('is looked at every 30 s, not at each probe', async () => {
    await probe();
    world.cluster = { ...world.cluster, excluded: 'elasticsearch-3' };
    await probe();
    expect(changes()).toEqual([]);
  });
});
