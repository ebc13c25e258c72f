// Answers as a real 9.5.3 gives them, of a cluster of three nodes in three zones that is well.
import type { Settings, State } from '../../../scripts/lib/questions/answers.ts';

export const health = {
  cluster_name: 'reviews',
  status: 'green',
  timed_out: false,
  number_of_nodes: 3,
  unassigned_shards: 0,
  initializing_shards: 0,
  relocating_shards: 0,
};

/** Of settings that are asked for. */
export const defaults: Readonly<Record<string, string>> = {
  'cluster.routing.allocation.enable': 'all',
  'cluster.routing.rebalance.enable': 'all',
  'cluster.routing.allocation.disk.threshold_enabled': 'true',
  'cluster.routing.allocation.disk.watermark.low': '85%',
  'cluster.routing.allocation.disk.watermark.low.max_headroom': '200GB',
  'cluster.routing.allocation.disk.watermark.flood_stage': '95%',
  'cluster.routing.allocation.disk.watermark.flood_stage.max_headroom': '100GB',
};

type Flat = Readonly<Record<string, string>>;

export const settings = (persistent: Flat = {}, transient: Flat = {}, more: Flat = {}): Settings => ({
  persistent: new Map(Object.entries(persistent)),
  transient: new Map(Object.entries(transient)),
  defaults: new Map(Object.entries({ ...defaults, ...more })),
});

const nodes = ['a', 'b', 'c'].map((zone, i) => ({ name: `elasticsearch-${i}`, zone, version: '9.5.3' }));

export const state = (changes: Partial<State> = {}): State => ({
  members: nodes,
  excludedVotes: [],
  copies: [
    { shard: 'reviews-2026.11/0', folder: 'uuid-11/0', state: 'STARTED', node: 'elasticsearch-0' },
    { shard: 'reviews-2026.11/0', folder: 'uuid-11/0', state: 'STARTED', node: 'elasticsearch-1' },
  ],
  blocks: [],
  closedByDisk: [],
  ...changes,
});

export const stateAnswer = {
  master_node: 'id-0',
  blocks: {},
  nodes: Object.fromEntries(
    nodes.map(({ name, zone, version }, i) => [`id-${i}`, { name, version, attributes: { zone } }]),
  ),
  metadata: {
    cluster_coordination: { voting_config_exclusions: [] },
    indices: { 'reviews-2026.11': { settings: { index: { uuid: 'uuid-11' } } } },
  },
  routing_table: {
    indices: {
      'reviews-2026.11': {
        shards: {
          '0': [
            { state: 'STARTED', node: 'id-0' },
            { state: 'UNASSIGNED', node: null },
          ],
        },
      },
    },
  },
};
