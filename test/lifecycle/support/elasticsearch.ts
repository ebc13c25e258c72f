// Answers of Elasticsearch, in the shape that it gives them.
import type { Answer, Call, Handler } from './servers.ts';

export interface ClusterFacts {
  readonly uuid?: string;
  readonly status?: string;
  readonly unassigned?: number;
  readonly initializing?: number;
  readonly delayed?: number;
  readonly relocating?: number;
  /** The node answers from what it knew last, as Elasticsearch 9 does. */
  readonly masterless?: boolean;
  /** Lines INDEX SHARD STATE NODE. */
  readonly shards?: readonly string[];
  readonly members?: readonly string[];
  /** Names of the nodes that vote; ids are the names with an "id-" before. */
  readonly voters?: readonly string[];
  readonly master?: string;
  readonly excluded?: string;
  readonly votesGivenUp?: readonly string[];
  /** What giving up a vote is answered with. */
  readonly voteAnswer?: Answer;
}

const three = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'];

/** Nodes as a cluster state has them, by id. */
const byId = (names: readonly string[]): Record<string, { name: string }> =>
  Object.fromEntries(names.map((name) => [`id-${name}`, { name }]));

const coordination = (
  { voters, members = three, votesGivenUp = [], masterless = false }: ClusterFacts,
  path: string,
): object =>
  path.includes('voting_config_exclusions')
    ? votesGivenUp.length === 0
      ? {}
      : {
          metadata: {
            cluster_coordination: { voting_config_exclusions: votesGivenUp.map((name) => ({ node_name: name })) },
          },
        }
    : {
        master_node: masterless ? null : 'id-elasticsearch-0',
        nodes: byId(members),
        metadata: { cluster_coordination: { last_committed_config: (voters ?? members).map((name) => `id-${name}`) } },
      };

/**
 * As GET /_cluster/state/nodes,routing_table with a filter: copies of one shard stand together, and a node has an id.
 */
const routing = ({ shards = [], members = three }: ClusterFacts): object => {
  const known = shards.map((line) => line.trim().split(' '));
  const indices: Record<string, { shards: Record<string, object[]> }> = {};
  for (const [index = '', shard = '', state = '', node] of known) {
    const copies = ((indices[index] ??= { shards: {} }).shards[shard] ??= []);
    copies.push({ state, node: node === undefined ? null : `id-${node}`, shard: Number(shard), index });
  }
  return {
    nodes: byId([...members, ...known.flatMap(([, , , node]) => node ?? [])]),
    ...(shards.length === 0 ? {} : { routing_table: { indices } }),
  };
};

/** The facts may change while a script runs. */
export const elasticsearch =
  (facts: () => ClusterFacts): Handler =>
  ({ method, path }: Call): Answer | undefined => {
    const now = facts();
    const {
      uuid = 'Zk3TnYp1QoOwzFvS3kJ0aA',
      status = 'green',
      unassigned = 0,
      initializing = 0,
      delayed = 0,
      relocating = 0,
      members = three,
    } = now;
    if (path === '/') return { status: 401 };
    if (path === '/_cluster/state/version')
      return { body: { cluster_name: 'reviews', cluster_uuid: uuid, version: 12 } };
    if (path.startsWith('/_cluster/health') && now.masterless === true) return { status: 503 };
    if (path.startsWith('/_cluster/health'))
      return {
        body: {
          cluster_name: 'reviews',
          status,
          initializing_shards: initializing,
          relocating_shards: relocating,
          unassigned_shards: unassigned,
          delayed_unassigned_shards: delayed,
          number_of_in_flight_fetch: 0,
        },
      };
    if (path.startsWith('/_cluster/state/nodes,routing_table')) return { body: routing(now) };
    if (path.startsWith('/_cluster/state/nodes')) return { body: { nodes: byId(members) } };
    if (path.startsWith('/_cat/master')) return { body: `${now.master ?? 'elasticsearch-0'}\n` };
    if (path.startsWith('/_cluster/settings') && method === 'GET')
      return {
        body: {
          persistent: now.excluded ? { 'cluster.routing.allocation.exclude._name': now.excluded } : {},
          transient: {},
        },
      };
    if (path.startsWith('/_cluster/settings')) return { body: { acknowledged: true } };
    if (/^\/_cluster\/state\/(master_node,)?metadata/.test(path)) return { body: coordination(now, path) };
    if (path.startsWith('/_cluster/voting_config_exclusions'))
      return (method === 'POST' ? now.voteAnswer : undefined) ?? { body: {} };
    return undefined;
  };
