// What Elasticsearch answers before an upgrade, and what is read from it. What is not understood is never a yes.
import { describe, expect, test } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { healthSaid, oneVersionSaid, roomSaid } from '../../scripts/lib/check/upgrade/cluster-health.ts';
import { deprecationsSaid } from '../../scripts/lib/check/upgrade/deprecations.ts';
import { exclusionsSaid, rolledOutSaid, settingsSaid } from '../../scripts/lib/check/upgrade/leftovers.ts';
import { fromAnswer, lineText, type Said } from '../../scripts/lib/check/upgrade/line.ts';
import { newestPath, snapshotSaid } from '../../scripts/lib/check/upgrade/snapshots.ts';
import { type EsAnswer, readAnswer } from '../../scripts/lib/cluster/elasticsearch.ts';
import { set } from './support/standing.ts';

const good = (value: unknown): EsAnswer => ({ ok: true, value });
const of = (read: (value: unknown) => Said, value: unknown): Said => fromAnswer(good(value), read);

test.each([
  ['{"a":1}\n200', { ok: true, value: { a: 1 } }],
  ['{"a":\n200', { ok: false, why: 'the answer to GET /x is cut, or no JSON' }],
  ['{}\n404', { ok: false, why: 'GET /x was answered with 404', status: 404 }],
  ['\n000', { ok: false, why: 'GET /x was not answered' }],
  ['{}\n401', { ok: false, status: 401, why: expect.stringContaining('elasticsearch-user-elastic') }],
])('curl says %j', (stdout, answer) => {
  expect(readAnswer('GET', '/x?y', stdout)).toEqual(answer);
});

test('what was not answered, or is not understood, is unknown, and is one line', () => {
  const read = (value: unknown): Said => healthSaid(value, 3);
  expect(fromAnswer({ ok: false, why: 'no pod is ready' }, read)).toEqual({ is: 'unknown', why: 'no pod is ready' });
  expect(of(read, {})).toEqual({ is: 'unknown', why: 'the answer is not understood: timed_out' });
  expect(lineText({ what: 'the cluster is green', is: 'unknown', why: 'x' })).toBe('unknown the cluster is green: x');
});

describe('health', () => {
  const green = {
    timed_out: false,
    status: 'green',
    number_of_nodes: 3,
    relocating_shards: 0,
    initializing_shards: 0,
    unassigned_shards: 0,
  };
  test.each([
    ['green', {}, 'yes'],
    ['yellow', { status: 'yellow', unassigned_shards: 1 }, 'no'],
    ['while a copy moves', { relocating_shards: 1 }, 'no'],
    ['with a node less than wanted', { number_of_nodes: 2 }, 'no'],
    ['timed out', { timed_out: true }, 'unknown'],
    ['with a number as a word', { relocating_shards: '0' }, 'unknown'],
  ])('%s', (_, change, is) => {
    expect(of((value) => healthSaid(value, 3), { ...green, ...change }).is).toBe(is);
  });
});

describe('versions of the nodes', () => {
  const nodes = (...versions: unknown[]) => ({
    nodes: Object.fromEntries(versions.map((version, i) => [`id-${i}`, { name: `elasticsearch-${i}`, version }])),
  });
  test('are one, or an upgrade goes on', () => {
    expect(of(oneVersionSaid, nodes('9.5.3', '9.5.3')).is).toBe('yes');
    expect(of(oneVersionSaid, nodes('9.5.3', '9.5.4'))).toEqual({
      is: 'no',
      why: expect.stringMatching(/side by side/),
    });
    expect(of(oneVersionSaid, nodes('9.5.3', undefined)).is).toBe('unknown');
    expect(of(oneVersionSaid, { nodes: {} }).is).toBe('unknown');
  });
});

describe('settings', () => {
  const said = (persistent: object, transient: object = {}): Said => of(settingsSaid, { persistent, transient });
  test.each<[string, object, string]>([
    ['none', {}, 'yes'],
    ['of no consequence', { 'indices.recovery.max_bytes_per_sec': '41mb' }, 'yes'],
    ['an exclusion that was emptied', { 'cluster.routing.allocation.exclude._name': '' }, 'yes'],
    ['an exclusion', { 'cluster.routing.allocation.exclude._ip': '10.0.0.1' }, 'no'],
    ['allocation that is on', { 'cluster.routing.allocation.enable': 'all' }, 'yes'],
    ['allocation of primaries only', { 'cluster.routing.allocation.enable': 'primaries' }, 'no'],
    ['no rebalancing', { 'cluster.routing.rebalance.enable': 'none' }, 'no'],
    ['archived ones', { 'archived.indices.old': 'x' }, 'no'],
    ['a cluster that may only be read', { 'cluster.blocks.read_only': 'true' }, 'no'],
    ['a node that stops', { 'cluster.metadata.delivery-reviews.turn.elasticsearch-0': 'goes 1 x' }, 'no'],
  ])('%s', (_, persistent, is) => {
    expect(said(persistent).is).toBe(is);
    expect(said({}, persistent).is).toBe(is);
  });
  test('half of them is not understood', () => expect(of(settingsSaid, { persistent: {} }).is).toBe('unknown'));
});

test('votes that are given up, and an answer without the list', () => {
  const answer = (list: unknown) => ({ metadata: { cluster_coordination: { voting_config_exclusions: list } } });
  expect(of(exclusionsSaid, answer([])).is).toBe('yes');
  expect(of(exclusionsSaid, answer([{ node_id: 'x', node_name: 'elasticsearch-2' }]))).toEqual({
    is: 'no',
    why: expect.stringMatching(/^elasticsearch-2 have given up/),
  });
  expect(of(exclusionsSaid, {}).is).toBe('unknown');
});

describe('the StatefulSet', () => {
  const live = (spec: object = {}, status: object = {}): IStatefulSet => {
    const plain = set();
    const done = { replicas: 3, readyReplicas: 3, currentRevision: 'a', updateRevision: 'a', ...status };
    return { ...plain, spec: { ...plain.spec, ...spec }, status: done } as IStatefulSet;
  };
  test.each<[string, IStatefulSet | undefined, string]>([
    ['is rolled out', live(), 'yes'],
    ['still rolls', live({}, { updateRevision: 'b' }), 'no'],
    ['has a pod that is not ready', live({}, { readyReplicas: 2 }), 'no'],
    ['keeps pods back', live({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }), 'no'],
    ['rolls nothing', live({ updateStrategy: { type: 'OnDelete' } }), 'no'],
    ['is not there', undefined, 'unknown'],
  ])('%s', (_, one, is) => expect(rolledOutSaid(one).is).toBe(is));
});

describe('room', () => {
  const disks = (...used: number[]) => ({
    nodes: Object.fromEntries(
      used.map((part, i) => [
        `id-${i}`,
        { name: `elasticsearch-${i}`, fs: { total: { total_in_bytes: 1000, available_in_bytes: 1000 - part } } },
      ]),
    ),
  });
  const copy = (index: string, node: number, store = '300') => ({
    index,
    shard: '0',
    state: 'STARTED',
    store,
    node: `elasticsearch-${node}`,
  });
  const none = { persistent: {}, transient: {} };
  const said = (free: object, copies: object[], settings: object = none): Said =>
    of(() => roomSaid(free, copies, settings), {});

  test('is there where each node has a copy of everything: nothing could move', () => {
    const everywhere = [0, 1, 2].map((node) => copy('reviews', node, '800'));
    expect(said(disks(800, 800, 800), everywhere).is).toBe('yes');
  });
  test('is there where the others can take what one has', () => {
    expect(said(disks(300, 300, 0), [copy('a', 0), copy('a', 1)]).is).toBe('yes');
  });
  test('is not there where they can not', () => {
    expect(said(disks(800, 800, 800), [copy('a', 0), copy('a', 1)])).toEqual({
      is: 'no',
      why: expect.stringMatching(/^without elasticsearch-0 the others would have to take 0\.0 GB/),
    });
  });
  test('is not there above the watermark, as somebody may have set it', () => {
    expect(said(disks(860, 0, 0), []).why).toMatch(/^elasticsearch-0: more than 85 %/);
    const low = { persistent: { 'cluster.routing.allocation.disk.watermark.low': '95%' }, transient: {} };
    expect(said(disks(860, 0, 0), [], low).is).toBe('yes');
    const bytes = { persistent: { 'cluster.routing.allocation.disk.watermark.low': '10gb' }, transient: {} };
    expect(said(disks(0, 0, 0), [], bytes).is).toBe('unknown');
  });
  test('is unknown while a copy is on no node', () => {
    expect(said(disks(0, 0, 0), [{ ...copy('a', 0), node: null, store: null }]).is).toBe('unknown');
  });
});

describe('deprecations', () => {
  const empty = { cluster_settings: [], node_settings: [], index_settings: {}, ml_settings: [] };
  const critical = { level: 'critical', message: 'old index', url: 'x' };
  const said = (value: unknown, major = false): Said => deprecationsSaid(good(value), major);
  test.each<[string, unknown, boolean, string]>([
    ['none', empty, true, 'yes'],
    ['a critical one, to another major version', { ...empty, index_settings: { a: [critical] } }, true, 'no'],
    ['a critical one, to a patch', { ...empty, index_settings: { a: [critical] } }, false, 'yes'],
    ['a critical one under a name that is not known here', { ...empty, later: { a: [critical] } }, true, 'no'],
    ['a level that is not known here', { ...empty, node_settings: [{ ...critical, level: 'fatal' }] }, true, 'unknown'],
    ['a part that is missing', { cluster_settings: [] }, true, 'unknown'],
    ['something else', [], true, 'unknown'],
  ])('%s', (_, value, major, is) => expect(said(value, major).is).toBe(is));
  test('of a server that does not tell them are unknown, not none', () => {
    expect(
      deprecationsSaid({ ok: false, why: 'GET /_migration/deprecations was answered with 400', status: 400 }, true),
    ).toEqual({
      is: 'unknown',
      why: 'GET /_migration/deprecations was answered with 400: this server does not tell them',
    });
  });
});

describe('snapshots', () => {
  const now = Date.UTC(2026, 10, 2, 12);
  const snapshot = (change: object = {}) => ({
    snapshot: 'daily-1',
    state: 'SUCCESS',
    end_time_in_millis: now - 2 * 3_600_000,
    shards: { total: 5, failed: 0, successful: 5 },
    ...change,
  });
  const said = (snapshots: unknown): Said =>
    snapshotSaid(good({ backup: { type: 's3' } }), new Map([['backup', good({ snapshots })]]), now);

  test.each<[string, unknown, string]>([
    ['a whole one', [snapshot()], 'yes'],
    [
      'one under way, and a whole one before',
      [snapshot({ state: 'IN_PROGRESS', end_time_in_millis: 0 }), snapshot()],
      'yes',
    ],
    ['none', [], 'no'],
    ['a partial one', [snapshot({ state: 'PARTIAL' }), snapshot()], 'no'],
    ['one with a failed shard', [snapshot({ shards: { failed: 1 } })], 'no'],
    ['an old one', [snapshot({ end_time_in_millis: now - 25 * 3_600_000 })], 'no'],
    ['one that is not understood', [{ snapshot: 'x' }], 'unknown'],
  ])('%s', (_, snapshots, is) => expect(said(snapshots).is).toBe(is));

  test('no repository is a clear no, one that does not answer is unknown, and one good one is enough', () => {
    expect(snapshotSaid(good({}), new Map(), now)).toEqual({ is: 'no', why: expect.stringMatching(/no repository/) });
    const two = good({ a: {}, b: {} });
    const silent: EsAnswer = { ok: false, why: 'b was answered with 500', status: 500 };
    const empty = good({ snapshots: [] });
    expect(
      snapshotSaid(
        two,
        new Map([
          ['a', empty],
          ['b', silent],
        ]),
        now,
      ).is,
    ).toBe('unknown');
    expect(
      snapshotSaid(
        two,
        new Map([
          ['a', good({ snapshots: [snapshot()] })],
          ['b', silent],
        ]),
        now,
      ).is,
    ).toBe('yes');
    expect(newestPath('a b')).toContain('/_snapshot/a%20b/_all?');
  });
});
