import { describe, expect, test } from '@jest/globals';
import {
  parseHealth,
  parseMaster,
  parsePicture,
  parseRecovered,
  parseSelf,
} from '../../base/elasticsearch/agent/parse.ts';
import type { Picture } from '../../base/elasticsearch/agent/picture.ts';
import type { Answer } from '../../base/lib/answer.ts';
import * as real from './support/answers.ts';

const expected = { podName: 'elasticsearch-0', clusterUuid: 'tzlkWZmwT6eR8R3aDOL8Tg' };

const read = (state: unknown, settings: unknown = real.noSettings, self: unknown = real.self): Answer<Picture> =>
  parsePicture(self, settings, state, expected);

const value = <Value>(answer: Answer<Value>): Value => {
  if (!answer.ok) throw new Error(`${answer.trouble}: ${answer.detail}`);
  return answer.value;
};

const trouble = (answer: Answer<unknown>): string => (answer.ok ? 'ok' : answer.trouble);

describe('a real answer', () => {
  test('of a cluster without indices is one without copies', () => {
    expect(value(read(real.stateWithoutIndices))).toMatchObject({ copies: [], voters: [real.ME], votesGivenUp: [] });
  });

  test('has copies of indices called index, state, nodes and shards, one of them on its way', () => {
    const { copies, me, master, clusterUuid } = value(read(real.state));
    expect({ me: me.name, master, clusterUuid }).toEqual({
      me: 'elasticsearch-0',
      master: real.ME,
      clusterUuid: expected.clusterUuid,
    });
    expect(copies.map(({ index, state, node }) => [index, state, node])).toEqual([
      ['nodes', 'STARTED', real.ME],
      ['state', 'STARTED', real.ME],
      ['shards', 'STARTED', real.ME],
      ['shards', 'STARTED', real.OTHER],
      ['shards', 'UNASSIGNED', undefined],
      ['index', 'RELOCATING', real.ME],
    ]);
  });

  test('of a node without a master, which answers 200 with what it knew last, is no picture', () => {
    expect(trouble(read(real.masterless))).toBe('no-master');
    expect(trouble(parseMaster(real.masterless))).toBe('no-master');
  });

  test('tells by the block of its state whether a node has one', () => {
    expect(value(parseRecovered(real.blocksWithoutState))).toBe(false);
    const { '2': masterless } = real.blocksWithoutState.blocks.global;
    expect(value(parseRecovered({ cluster_uuid: 'u', blocks: { global: { '2': masterless } } }))).toBe(true);
    expect(value(parseRecovered({ cluster_uuid: 'u' }))).toBe(true);
  });

  test.each([undefined, {}, { cluster_uuid: 'u', blocks: {} }, { cluster_uuid: 'u', blocks: { global: [] } }])(
    'about blocks that is half of one (%j) tells nothing',
    (answer) => expect(trouble(parseRecovered(answer))).toBe('not-understood'),
  );

  test('has the settings that agents and people wrote', () => {
    const { settings } = value(read(real.state, real.settings));
    expect(settings.excluded).toEqual(['elasticsearch-9', 'coordinating-7']);
    expect(settings.excludedForNow).toEqual(['a']);
    expect([...settings.notes]).toEqual([
      ['decommissioning', 'elasticsearch-1'],
      ['turn.elasticsearch-0', 'wants 1'],
    ]);
  });

  test('has voting exclusions by name and by id', () => {
    const metadata = {
      ...real.state.metadata,
      cluster_coordination: { last_committed_config: [real.ME], voting_config_exclusions: real.exclusions },
    };
    expect(value(read({ ...real.state, metadata })).votesGivenUp.at(-1)).toEqual({
      id: 'AAAAAAAAAAAAAAAAAAAAAA',
      name: '_absent_',
    });
  });

  test('about health', () => {
    expect(value(parseHealth(real.health))).toEqual({
      status: 'yellow',
      relocating: 1,
      initializing: 0,
      unassigned: 1,
      delayedUnassigned: 0,
      inFlightFetch: 0,
    });
    expect(trouble(parseHealth({ ...real.health, timed_out: true }))).toBe('busy');
    expect(trouble(parseHealth({ ...real.health, initializing_shards: undefined }))).toBe('not-understood');
  });
});

/** Every way to leave one field out of a JSON value, with the path of it. */
function* without(whole: unknown, path = ''): Generator<[string, unknown]> {
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return;
  for (const [key, inner] of Object.entries(whole)) {
    const { [key]: _, ...rest } = whole as Record<string, unknown>;
    yield [`${path}/${key}`, rest];
    for (const [at, changed] of without(inner, `${path}/${key}`)) yield [at, { ...whole, [key]: changed }];
    if (Array.isArray(inner))
      for (const [i, item] of inner.entries())
        for (const [at, changed] of without(item, `${path}/${key}/${i}`))
          yield [at, { ...whole, [key]: inner.map((other, j) => (i === j ? changed : other)) }];
  }
}

describe('an answer that lacks something', () => {
  test.each([...without(real.state)])('%s is not understood', (_, state) => {
    expect(trouble(read(state))).toBe('not-understood');
  });

  test.each([...without(real.self)])('about itself, %s, is not understood', (_, self) => {
    expect(trouble(read(real.state, real.noSettings, self))).toBe('not-understood');
  });

  test.each([
    ['no persistent settings', { transient: {} }],
    ['no transient settings', { persistent: {} }],
    ['a number for a note', { persistent: { 'cluster.metadata.delivery-reviews.x': 1 }, transient: {} }],
    ['a list', []],
  ])('of settings: %s', (_, settings) => {
    expect(trouble(read(real.state, settings))).toBe('not-understood');
  });

  test.each([null, '', 'text', 3, [], {}])('%j instead of it is not understood', (state) => {
    expect(trouble(read(state))).toBe('not-understood');
  });
});

describe('an answer that cannot be', () => {
  const one = (copies: unknown): unknown => ({
    ...real.state,
    metadata: { ...real.state.metadata, indices: { load: { state: 'open' } } },
    routing_table: { indices: { load: { shards: { '0': copies } } } },
  });
  const copy = { state: 'STARTED', primary: true, node: real.ME };

  test.each([
    ['a copy on a node that is no member', [{ ...copy, node: 'somewhere' }]],
    ['a state that is not known', [{ ...copy, state: 'CLOSED' }]],
    ['two primaries', [copy, { ...copy, node: real.OTHER }]],
    ['no primary', [{ ...copy, primary: false }]],
    ['no copies', []],
    ['a started copy on no node', [{ ...copy, node: null }]],
    ['an unassigned copy on a node', [copy, { state: 'UNASSIGNED', primary: false, node: real.OTHER }]],
    ['a copy that is a text', ['STARTED']],
  ])('%s', (_, copies) => {
    expect(trouble(read(one(copies)))).toBe('not-understood');
    expect(trouble(read(one([copy])))).toBe('ok');
  });

  test.each([
    ['another cluster', { ...real.state, cluster_uuid: 'another' }],
    ['no cluster yet', { ...real.state, cluster_uuid: '_na_' }],
    ['a master that is no member', { ...real.state, master_node: 'somewhere' }],
    ['an index without shards', { ...real.state, routing_table: { indices: {} } }],
  ])('%s', (_, state) => {
    expect(trouble(read(state))).toBe('not-understood');
  });

  test('of another node than this pod', () => {
    expect(trouble(read(real.state, real.noSettings, { nodes: { [real.OTHER]: { name: 'elasticsearch-1' } } }))).toBe(
      'not-understood',
    );
    expect(trouble(parseSelf({ nodes: { new: { name: 'elasticsearch-0' } } }, real.state, expected))).toBe(
      'not-understood',
    );
    expect(value(parseSelf(real.self, real.state, expected)).ephemeralId).toBe('8UV-FFQDQI6DGNq5ZEc1qw');
  });

  test('a name that objects have by themselves is data', () => {
    const named = (name: string): string => JSON.stringify(one([copy])).replaceAll('"load"', JSON.stringify(name));
    for (const name of ['__proto__', 'constructor', 'toString', 'copies', '0'])
      expect(value(read(JSON.parse(named(name)))).copies.map(({ index }) => index)).toEqual([name]);
  });
});

describe('large clusters', () => {
  test.each([3300, 5000, 30_000])('%d copies of names of 255 bytes', (copies) => {
    const names = Array.from({ length: copies / 2 }, (_, i) => `${String(i).padStart(6, '0')}${'n'.repeat(249)}`);
    const shards = {
      '0': [
        { state: 'STARTED', primary: true, node: real.ME },
        { state: 'STARTED', primary: false, node: real.OTHER },
      ],
    };
    const state = JSON.stringify({
      ...real.state,
      metadata: {
        ...real.state.metadata,
        indices: Object.fromEntries(names.map((name) => [name, { state: 'open' }])),
      },
      routing_table: { indices: Object.fromEntries(names.map((name) => [name, { shards }])) },
    });
    expect(value(read(JSON.parse(state))).copies).toHaveLength(copies);
  });
});
