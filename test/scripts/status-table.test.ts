// The table that people read at night.
import { describe, expect, test } from '@jest/globals';
import type { AgentStatus } from '../../scripts/lib/cluster/agent-status.ts';
import type { Snapshot } from '../../scripts/lib/cluster/snapshot.ts';
import { type ClusterStatus, type NodeStatus, wantedPods } from '../../scripts/lib/cluster/status.ts';
import { duration, statusLines, unasked } from '../../scripts/lib/cluster/status-table.ts';

const serving: AgentStatus = {
  phase: 'serving',
  phaseSeconds: 273_600,
  wait: undefined,
  stopReason: '',
  lookAgeSeconds: { elasticsearch: 12, kubernetes: 12 },
};
const node = (ordinal: number, status: Partial<AgentStatus> = {}, more: Partial<NodeStatus> = {}): NodeStatus => ({
  pod: `elasticsearch-${ordinal}`,
  kubernetesNode: `node-${'abc'[ordinal] ?? 'x'}`,
  ready: true,
  terminating: false,
  asked: { ok: true, status: { ...serving, ...status } },
  ...more,
});
const green = {
  status: 'green',
  number_of_nodes: 3,
  unassigned_shards: 0,
  initializing_shards: 0,
  relocating_shards: 0,
};
const all: ClusterStatus = {
  namespace: 'reviews',
  statefulSet: 'elasticsearch',
  wanted: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'],
  nodes: [node(0), node(1), node(2)],
  health: green,
  causes: [],
};
const text = (look: Partial<ClusterStatus>): string => statusLines({ ...all, ...look }).join('\n');

test('where all is well a line a pod says so', () =>
  expect(text({})).toBe(
    [
      'Namespace reviews: 3 of 3 pods ready, 3 wanted; cluster green, 3 nodes',
      '',
      'POD              KUBERNETES NODE  READY  PHASE    SINCE     WAITS FOR  SINCE  WHY',
      'elasticsearch-0  node-a           yes    serving  3d4h ago  -          -',
      'elasticsearch-1  node-b           yes    serving  3d4h ago  -          -',
      'elasticsearch-2  node-c           yes    serving  3d4h ago  -          -',
    ].join('\n'),
  ));

test('a night on which much goes on', () => {
  const stopping: Partial<AgentStatus> = {
    phase: 'stopping-restart',
    phaseSeconds: 725,
    wait: { for: 'copies', reason: 'waiting: too few other started copies of load/0', seconds: 720 },
    stopReason: 'waiting: too few other started copies of load/0',
  };
  const nodes = [
    node(0),
    node(1, stopping, { terminating: true }),
    node(
      2,
      {
        phase: 'starting',
        phaseSeconds: 65,
        wait: { for: 'recovery', reason: 'shards recover', seconds: 61 },
      },
      { ready: false },
    ),
  ];
  const health = { ...green, status: 'yellow', unassigned_shards: 2, initializing_shards: 1 };
  expect(text({ nodes, health })).toBe(
    [
      'Namespace reviews: 2 of 3 pods ready, 3 wanted; cluster yellow, 3 nodes, 2 shards unassigned, ' +
        '1 shard recovering',
      '',
      'POD              KUBERNETES NODE  READY             PHASE             SINCE      WAITS FOR  SINCE     WHY',
      'elasticsearch-0  node-a           yes               serving           3d4h ago   -          -',
      'elasticsearch-1  node-b           yes, terminating  stopping-restart  12m5s ago  copies     12m ago   ' +
        'waiting: too few other started copies of load/0',
      'elasticsearch-2  node-c           no                starting          1m5s ago   recovery   1m1s ago  ' +
        'shards recover',
    ].join('\n'),
  );
});

describe('what could not be asked stands in the table, with its reason', () => {
  const silent = node(1, {}, { asked: { ok: false, why: 'no answer within 20 s' } });
  const look = { ...all, nodes: [node(0), silent, node(2)] };

  test('and not as a node that waits for nothing', () => {
    expect(text(look)).toMatch(
      /^elasticsearch-1 +node-b +yes +not known +- +- +- +could not be asked: no answer within 20 s$/m,
    );
    expect(unasked(look)).toEqual(['elasticsearch-1']);
    expect(unasked(all)).toEqual([]);
  });

  test('also of a pod that is on no Kubernetes node', () =>
    expect(text({ nodes: [node(0, {}, { kubernetesNode: undefined, ready: false, asked: silent.asked })] })).toMatch(
      /^elasticsearch-0 +- +no +not known /m,
    ));

  test('and so does a pod that is wanted and not there', () =>
    expect(text({ nodes: [node(0), node(2)] })).toMatch(/^elasticsearch-1 +- +no +no pod +- +- +- +wanted, but not/m));

  test('and the health of a cluster', () =>
    expect(text({ health: undefined })).toContain('how the cluster is could not be asked of any pod that is ready'));
});

describe('why', () => {
  const why = (status: Partial<AgentStatus>): string =>
    statusLines({ ...all, nodes: [node(0, status)], wanted: [] })[3]?.replace(/^(?:\S+ +){7,8}?- +- */, '') ?? '';

  test('of a stop that waits for nothing any more is its last word', () =>
    expect(why({ phase: 'stopping-restart', stopReason: 'leaving for a restart (after 12 s)' })).toContain(
      'leaving for a restart (after 12 s)',
    ));

  test('says that an agent knows nothing new, which may be why it waits for nothing', () => {
    expect(why({ lookAgeSeconds: { elasticsearch: 700, kubernetes: 12 } })).toContain(
      'last good answer of Elasticsearch 11m40s ago',
    );
    expect(why({ lookAgeSeconds: { elasticsearch: 5, kubernetes: 121 } })).toContain(
      'last good answer of the API server 2m1s ago',
    );
    // Elasticsearch does not run yet.
    expect(why({ phase: 'preparing', lookAgeSeconds: { elasticsearch: 700, kubernetes: 12 } })).not.toContain('good');
  });
});

test('what holds pods up comes behind the table', () =>
  expect(text({ causes: ["Pod elasticsearch-2: can't be scheduled: no memory"] })).toMatch(
    /\n\nWhat holds pods up, as Kubernetes tells it:\n- Pod elasticsearch-2: can't be scheduled: no memory$/,
  ));

test('where nothing is deployed there is no table', () =>
  expect(text({ wanted: undefined, nodes: [] })).toBe(
    'There is no StatefulSet elasticsearch in namespace reviews, and no pod of it',
  ));

test('pods that outlive their StatefulSet are shown', () =>
  expect(text({ wanted: undefined })).toContain('3 of 3 pods ready, the StatefulSet is gone;'));

test('the wanted pods follow the StatefulSet in the cluster, and where its ordinals start', () => {
  const snapshot = (spec: object | undefined): Snapshot =>
    ({
      statefulSet:
        spec === undefined
          ? undefined
          : { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'elasticsearch' }, spec },
    }) as Snapshot;
  expect(wantedPods(snapshot({ replicas: 2, ordinals: { start: 3 } }))).toEqual(['elasticsearch-3', 'elasticsearch-4']);
  expect(wantedPods(snapshot({ replicas: 0 }))).toEqual([]);
  expect(wantedPods(snapshot(undefined))).toBeUndefined();
});

test.each([
  [0, '0s'],
  [0.4, '0s'],
  [59.6, '1m'],
  [61, '1m1s'],
  [3600, '1h'],
  [3661, '1h1m'],
  [90_000, '1d1h'],
  [-5, '0s'],
])('%d seconds are %s', (seconds, words) => expect(duration(seconds)).toBe(words));
