import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { Finding } from '../resource-list/results.ts';
import type { Config } from './config.ts';
import { replicasOf } from './discovery.ts';
import { zoneCount } from './topology-spread.ts';

/** What the number of replicas means for the cluster when a node or a whole zone is lost. */
export function quorum(set: IStatefulSet, config: Config): Finding[] {
  const replicas = replicasOf(set);
  const zones = zoneCount(config);
  const finding = (severity: 'warning' | 'info', text: string, proposed: number): Finding[] => [
    { severity, object: set, path: ['spec', 'replicas'], text, found: replicas, proposed },
  ];
  if (replicas === 2) {
    return finding('warning', 'should not be 2: two nodes have no quorum when either is lost; use 3', 3);
  }
  if (config.spread === 'Strict' && replicas > 2 && !survives(replicas, zones)) {
    const advice = zones < 3 ? 'use three zones' : `use ${replicas + 1}`;
    return finding(
      'warning',
      `should not be ${replicas} over ${zones} zones: losing one zone can lose the quorum; ${advice}`,
      replicas + 1,
    );
  }
  if (replicas > 0 && replicas % 2 === 0) {
    return finding('info', `is even: the cluster lets one of the ${replicas} nodes not vote`, replicas + 1);
  }
  return [];
}

/**
 * Whether the voters that are left are a majority when the fullest zone is lost. Elasticsearch keeps the number of
 * voters odd, and in the worst case the node that does not vote stands in another zone.
 */
function survives(replicas: number, zones: number): boolean {
  const voters = replicas % 2 === 1 ? replicas : replicas - 1;
  const lost = Math.ceil(replicas / zones);
  return voters - lost >= Math.floor(voters / 2) + 1;
}
