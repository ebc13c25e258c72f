// What Elasticsearch and Kubernetes know about the cluster, as scenarios ask for it.
import type { IConfigMap } from 'kubernetes-models/v1';
import { esJson } from './es.ts';
import { maybe } from './kube.ts';

interface NodeInfo {
  readonly name: string;
  readonly roles: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

export const nodes = async (namespace: string): Promise<NodeInfo[]> => {
  const answer = await esJson<{ nodes: Record<string, NodeInfo> }>(
    namespace,
    'GET',
    '/_nodes/_all/none?filter_path=nodes.*.name,nodes.*.roles,nodes.*.attributes',
  );
  return Object.values(answer.nodes).sort((a, b) => a.name.localeCompare(b.name));
};

export const clusterUuid = async (namespace: string, pod?: string): Promise<string> =>
  (
    await esJson<{ cluster_uuid: string }>(
      namespace,
      'GET',
      '/_cluster/state/version',
      pod === undefined ? {} : { pod },
    )
  ).cluster_uuid;

/** The marker that the cluster has formed once. */
export const marker = async (namespace: string): Promise<string | undefined> =>
  (await maybe<IConfigMap>(['-n', namespace, 'configmap', 'elasticsearch-formed']))?.data?.['cluster_uuid'];

export interface Litter {
  readonly allocationExclusions: string;
  readonly votingExclusions: readonly string[];
  readonly leaseHolder: string;
  /** Names of the settings in which agents keep their marks and their turns. */
  readonly notes: readonly string[];
}

export const clean: Litter = { allocationExclusions: '', votingExclusions: [], leaseHolder: '', notes: [] };

/** What nodes write when they leave or restart, and nobody may find later. */
export const litter = async (namespace: string): Promise<Litter> => {
  const name = 'cluster.routing.allocation.exclude._name';
  const settings = await esJson<{ persistent: Record<string, string>; transient: Record<string, string> }>(
    namespace,
    'GET',
    '/_cluster/settings?flat_settings=true',
  );
  const path = '/_cluster/state/metadata?filter_path=metadata.cluster_coordination.voting_config_exclusions';
  const state = await esJson<{
    metadata?: { cluster_coordination?: { voting_config_exclusions?: { node_name: string }[] } };
  }>(namespace, 'GET', path);
  const lease = await maybe<{ spec?: { holderIdentity?: string } }>([
    '-n',
    namespace,
    'lease',
    'elasticsearch-restart',
  ]);
  return {
    allocationExclusions: settings.persistent[name] ?? settings.transient[name] ?? '',
    votingExclusions: (state.metadata?.cluster_coordination?.voting_config_exclusions ?? []).map(
      ({ node_name }) => node_name,
    ),
    leaseHolder: lease?.spec?.holderIdentity ?? '',
    notes: Object.keys({ ...settings.persistent, ...settings.transient }).filter((key) =>
      key.startsWith('cluster.metadata.delivery-reviews.'),
    ),
  };
};

interface Shard {
  readonly index: string;
  readonly shard: string;
  readonly prirep: 'p' | 'r';
  readonly state: string;
  readonly node: string | null;
}

const shards = (namespace: string): Promise<Shard[]> =>
  esJson<Shard[]>(namespace, 'GET', '/_cat/shards?format=json&h=index,shard,prirep,state,node');

/** Shards of which two started copies are in the same zone, or on nodes of which none is known. */
export const copiesThatShareAZone = async (namespace: string): Promise<string[]> => {
  const zoneOf = new Map((await nodes(namespace)).map(({ name, attributes }) => [name, attributes['zone'] ?? '?']));
  const seen = new Set<string>();
  return (await shards(namespace))
    .filter(({ node }) => node !== null)
    .map(({ index, shard, node }) => `${index}/${shard} in ${zoneOf.get(node ?? '') ?? '?'}`)
    .filter((place) => seen.has(place) || !seen.add(place));
};
