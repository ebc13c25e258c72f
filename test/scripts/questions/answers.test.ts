// What `make doctor` reads of Elasticsearch's answers, and that it uses no half of one.
import { describe, expect, test } from '@jest/globals';
import { effective, readCluster, readHealth, readSettings, readState } from '../../../scripts/lib/questions/answers.ts';
import { answeredBy } from '../../../scripts/lib/questions/ask.ts';
import { known, unknown } from '../../../scripts/lib/questions/known.ts';
import { health, settings, stateAnswer } from './support.ts';

const output = (changes: object = {}): string =>
  JSON.stringify({
    pod: 'elasticsearch-0',
    answers: [{ status: 200, text: '{"a":1}', certificateEnds: 'Dec  2 09:00:00 2027 GMT' }],
    ...changes,
  });

describe('the output of the pod', () => {
  test('has the answers in order, and when the certificate ends', () => {
    expect(answeredBy('elasticsearch-0', ['/a?b'], output())).toEqual({
      pod: 'elasticsearch-0',
      certificateEnds: Date.UTC(2027, 11, 2, 9),
      answers: [known({ a: 1 })],
    });
  });

  test.each([
    ['another pod', output({ pod: 'elasticsearch-1' }), 'the pod that answers is elasticsearch-1'],
    ['too few answers', output({ answers: [] }), '1 questions have 0 answers'],
    ['half of it', output().slice(0, -4), 'is cut, or no JSON'],
    ['no certificate', output({ answers: [{ status: 200, text: '{}' }] }), 'no text certificateEnds'],
  ])('is not understood where it is of %s', (_, text, why) => {
    expect(() => answeredBy('elasticsearch-0', ['/a'], text)).toThrow(why);
  });

  test('keeps a refusal as a reason', () => {
    const refused = { status: 403, text: 'is unauthorized', certificateEnds: 'Dec  2 09:00:00 2027 GMT' };
    expect(answeredBy('elasticsearch-0', ['/_cluster/state?x'], output({ answers: [refused] })).answers).toEqual([
      unknown('GET /_cluster/state was answered with 403: is unauthorized'),
    ]);
  });
});

test('health, settings and state are read', () => {
  expect(readHealth(health)).toEqual({ status: 'green', nodes: 3, unassigned: 0, initializing: 0, relocating: 0 });
  const read = readSettings({
    persistent: { a: 'p' },
    transient: {},
    defaults: { a: 'd', list: ['x', 'y'], none: null },
  });
  expect([effective(read, 'a'), effective(read, 'list')]).toEqual(['p', 'x,y']);
  expect(readState(stateAnswer)).toMatchObject({
    members: [{ name: 'elasticsearch-0', zone: 'a', version: '9.5.3' }, { zone: 'b' }, { zone: 'c' }],
    excludedVotes: [],
    copies: [
      { shard: 'reviews-2026.11/0', folder: 'uuid-11/0', state: 'STARTED', node: 'elasticsearch-0' },
      { state: 'UNASSIGNED', node: undefined },
    ],
    blocks: [],
    closedByDisk: [],
  });
});

test('what a transient setting says holds before a persistent one', () => {
  expect(effective(settings({ x: 'p' }, { x: 't' }), 'x')).toBe('t');
  expect(() => effective(settings(), 'x')).toThrow('Elasticsearch knows no setting x');
});

test('blocks are told apart: of a full disk, and of the whole cluster', () => {
  const read = readState({
    ...stateAnswer,
    blocks: {
      global: { '6': { description: 'cluster read-only (api)' } },
      indices: { full: { '12': { description: 'x' } }, mine: { '8': { description: 'index write (api)' } } },
    },
  });
  expect({ blocks: read.blocks, closed: read.closedByDisk }).toEqual({
    blocks: ['cluster read-only (api)'],
    closed: ['full'],
  });
});

test.each([
  ['no master', { ...stateAnswer, master_node: null }, 'no master is elected'],
  ['no exclusions', { ...stateAnswer, metadata: { cluster_coordination: {} } }, 'no list voting_config_exclusions'],
  [
    'an index that has no uuid',
    { ...stateAnswer, metadata: { ...stateAnswer.metadata, indices: {} } },
    'no text uuid of reviews-2026.11',
  ],
  [
    'a copy on a node that is no member',
    {
      ...stateAnswer,
      routing_table: { indices: { a: { shards: { '0': [{ state: 'STARTED', node: 'id-9' }] } } } },
    },
    'no member id-9',
  ],
])('a state with %s is not used', (_, answer, why) => {
  expect(() => readState(answer)).toThrow(why);
});

test('an answer that is missing takes none of the others away', async () => {
  const answers = [known(health), unknown('GET /_cluster/settings was answered with 403'), known(stateAnswer)];
  const cluster = await readCluster(known({ answers }));
  expect(cluster.health.known).toBe(true);
  expect(cluster.settings).toEqual(unknown('GET /_cluster/settings was answered with 403'));
  expect(cluster.state.known).toBe(true);
  expect((await readCluster(unknown('forbidden'))).health).toEqual(unknown('forbidden'));
});
