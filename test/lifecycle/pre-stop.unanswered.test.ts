// The pre-stop hook where Elasticsearch or the API server does not answer, or not with what can be understood.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reset, start, stop } from './support/pre-stop.ts';
import { world } from './support/world.ts';

beforeEach(reset);
afterEach(() => world.pod.stop());

describe('without answers', () => {
  beforeEach(() => start('elasticsearch-1'));

  test.each([
    [
      'Elasticsearch refuses the password',
      () => {
        world.pod.onElasticsearch = () => ({ status: 401 });
      },
      'HTTP 401',
    ],
    [
      'Elasticsearch has no master',
      () => {
        world.pod.onElasticsearch = () => ({ status: 503 });
      },
      'HTTP 503',
    ],
    [
      'Elasticsearch is dead',
      () => {
        world.pod.env['ES_URL'] = 'https://localhost:1';
      },
      'HTTP 000',
    ],
    [
      'the API server refuses the account',
      () => {
        world.facts.refuse = 403;
      },
      'HTTP 403',
    ],
  ])('when %s, it does not wait for long', async (_, change, reason) => {
    change();
    expect(await stop()).toContain(`leaving: no usable answer for 1 s (${reason})`);
  });

  test('about shards that can be understood, it says so, and takes itself for no node without shards', async () => {
    const handler = world.pod.onElasticsearch;
    world.pod.onElasticsearch = (call) =>
      call.path.startsWith('/_cluster/state/nodes,routing_table')
        ? {
            body: {
              routing_table: {
                indices: {
                  'load-0': { shards: { 0: [{ index: 'load-0', state: 'STARTED', node: 'id-elasticsearch-1' }] } },
                },
              },
            },
          }
        : handler(call);
    const said = await stop();
    expect(said).toContain('the list of shards has a shape that is not known here');
    expect(said).toContain('leaving: no usable answer for 1 s');
  });

  test('when this node only knows what was before the master was lost, it takes that for no answer', async () => {
    world.cluster = { masterless: true, shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 UNASSIGNED'] };
    const said = await stop();
    expect(said).toContain('waiting: no master is elected');
    expect(said).toContain('leaving: no usable answer for 1 s (HTTP 503)');
  });

  test('for a moment, it goes on waiting', async () => {
    const handler = world.pod.onElasticsearch;
    let asked = 0;
    world.pod.onElasticsearch = (call) => ((asked += 1) <= 3 ? { status: 503 } : handler(call));
    expect(await stop({ PRE_STOP_BLIND_SECONDS: '20' })).toContain('leaving for a restart after');
  });
});
