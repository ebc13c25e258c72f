// What a real Elasticsearch 9.5.3 answered to the questions of parse.ts: two nodes; three indices with names that are
// words of the answer; one of them ("index", no replica, recovery limited to 1 MB/s) on its way to the other node; one
// ("shards") with two replicas, of which one fits nowhere. Only line breaks were added.

export const ME = '7bqPcqGOQy2KkJBV-DGlGg';
export const OTHER = 'gXDDlK_iRm6M7zrYavLmBA';

export const self = { nodes: { [ME]: { name: 'elasticsearch-0' } } };

const nodes = {
  [ME]: { name: 'elasticsearch-0', ephemeral_id: '8UV-FFQDQI6DGNq5ZEc1qw' },
  [OTHER]: { name: 'elasticsearch-1', ephemeral_id: 'ymmJe6GtTgOQ02XNJuqIFQ' },
};

const coordination = { last_committed_config: [ME], voting_config_exclusions: [] };

/** Before any index was made: an empty routing table is left out, an empty list is not. */
export const stateWithoutIndices = {
  cluster_uuid: 'tzlkWZmwT6eR8R3aDOL8Tg',
  master_node: ME,
  nodes,
  metadata: { cluster_coordination: coordination },
};

export const state = {
  cluster_uuid: 'tzlkWZmwT6eR8R3aDOL8Tg',
  master_node: ME,
  nodes,
  metadata: {
    cluster_coordination: coordination,
    indices: {
      index: { state: 'open' },
      shards: { state: 'open' },
      state: { state: 'open' },
      nodes: { state: 'open' },
    },
  },
  routing_table: {
    indices: {
      nodes: { shards: { '0': [{ state: 'STARTED', primary: true, node: ME }] } },
      state: { shards: { '0': [{ state: 'STARTED', primary: true, node: ME }] } },
      shards: {
        shards: {
          '0': [
            { state: 'STARTED', primary: false, node: ME },
            { state: 'STARTED', primary: true, node: OTHER },
            { state: 'UNASSIGNED', primary: false, node: null },
          ],
        },
      },
      index: { shards: { '0': [{ state: 'RELOCATING', primary: true, node: ME }] } },
    },
  },
};

/** Of the other node, when the only voter had been stopped: 200, and what was known last. */
export const masterless = { ...state, master_node: null };

/** Of a node that is in no cluster, with an empty disk. Every other question about its state is a 503. */
export const blocksWithoutState = {
  cluster_uuid: '_na_',
  blocks: {
    global: {
      '1': {
        description: 'state not recovered / initialized',
        retryable: true,
        disable_state_persistence: true,
        levels: ['read', 'write', 'metadata_read', 'metadata_write', 'refresh'],
      },
      '2': { description: 'no master', retryable: true, levels: ['write', 'metadata_write'] },
    },
  },
};

export const settings = {
  persistent: {
    'cluster.metadata.delivery-reviews.decommissioning': 'elasticsearch-1',
    'cluster.metadata.delivery-reviews.turn.elasticsearch-0': 'wants 1',
    'cluster.routing.allocation.exclude._name': 'elasticsearch-9,coordinating-7',
  },
  transient: { 'cluster.routing.allocation.exclude._name': 'a' },
};

export const noSettings = { persistent: {}, transient: {} };

/** After exclusions by id and by name, of nodes that are and are not there. */
export const exclusions = [
  { node_id: '_absent_', node_name: 'elasticsearch-4' },
  { node_id: OTHER, node_name: 'elasticsearch-1' },
  { node_id: 'AAAAAAAAAAAAAAAAAAAAAA', node_name: '_absent_' },
];

export const health = {
  cluster_name: 'reviews',
  status: 'yellow',
  timed_out: false,
  number_of_nodes: 2,
  number_of_data_nodes: 2,
  active_primary_shards: 4,
  active_shards: 5,
  relocating_shards: 1,
  initializing_shards: 0,
  unassigned_shards: 1,
  unassigned_primary_shards: 0,
  delayed_unassigned_shards: 0,
  number_of_pending_tasks: 0,
  number_of_in_flight_fetch: 0,
  task_max_waiting_in_queue_millis: 0,
  active_shards_percent_as_number: 83.33333333333334,
};
