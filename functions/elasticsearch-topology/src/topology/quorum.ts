import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { Finding } from '../resource-list/results.ts';
import type { Config, Loss } from './config.ts';
import { replicasOf } from './discovery.ts';
import type { Problem } from './schema-check.ts';
import { zoneCount } from './topology-spread.ts';

/** What the loss of the fullest zone can cost a cluster of this size that is spread evenly over so many zones. */
export function lossOfZone(replicas: number, zones: number): Loss[] {
  if (replicas === 0) return [];
  // Elasticsearch keeps the number of voters odd; in the worst case the node that does not vote stands elsewhere.
  const voters = replicas - 1 + (replicas % 2);
  const left = voters - Math.ceil(replicas / zones);
  return [
    ...(left * 2 > voters ? [] : (['Quorum'] as const)),
    // Copies of a shard stand on different nodes, and as far as there are several zones, in different ones.
    ...(Math.min(replicas, zones) > 1 ? [] : (['LastCopy'] as const)),
  ];
}

const COST = { Quorum: 'its quorum', LastCopy: 'the last copy of its data' };

/** Where zones are strict, a cluster that cannot survive one of them is refused, unless that is accepted by name. */
export function unaccepted(set: IStatefulSet, config: Config): Problem[] {
  const replicas = replicasOf(set);
  const zones = zoneCount(config);
  const losses = lossOfZone(replicas, zones).filter((loss) => config.acceptedLosses?.includes(loss) !== true);
  if (config.zoneSpread !== 'Strict' || losses.length === 0) return [];
  const enough = zones < 3 ? 'name three zones in spec.zones' : `use ${proposed(replicas)}`;
  return [
    {
      path: ['spec', 'replicas'],
      must:
        `survive the loss of one of ${zones} zones, and ${replicas} can lose ` +
        `${losses.map((loss) => COST[loss]).join(' and ')}: ${enough}, ` +
        `or say in the function's config acceptedLosses: [${losses.join(', ')}], or zoneSpread: BestEffort`,
      found: replicas,
    },
  ];
}

const proposed = (replicas: number): number => Math.max(3, replicas + 1);

/** What the number of replicas means for the cluster when a node is lost. */
export function quorum(set: IStatefulSet, config: Config): Finding[] {
  const replicas = replicasOf(set);
  const finding = (severity: 'warning' | 'info', text: string): Finding[] => [
    { severity, object: set, path: ['spec', 'replicas'], text, found: replicas, proposed: proposed(replicas) },
  ];
  if (replicas === 2 && config.acceptedLosses?.includes('Quorum') !== true) {
    return finding('warning', 'should not be 2: two nodes have no quorum when either is lost; use 3');
  }
  return replicas > 0 && replicas % 2 === 0
    ? finding('info', `is even: the cluster lets one of the ${replicas} nodes not vote`)
    : [];
}
