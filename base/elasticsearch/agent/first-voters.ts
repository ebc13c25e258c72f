// The bootstrap list, until the cluster has formed once. "My disk is empty" would be the wrong test: a node writes to
// its disk before its bootstrap checks, and a first start that failed one would leave disks that are not empty and no
// cluster.

import { Refused } from '../../lib/environment.ts';
import type { Say } from './ports.ts';

export interface FirstStart {
  /** Of the cluster that has formed; undefined before. */
  readonly knownCluster: string | undefined;
  /** initial_master_nodes.txt: a name a line. */
  readonly initialMasterNodes: string;
  readonly diskIsEmpty: boolean;
  readonly namespace: string;
}

/** Lines of elasticsearch.yml. */
export const firstVoters = (
  { knownCluster, initialMasterNodes, diskIsEmpty, namespace }: FirstStart,
  say: Say,
): readonly string[] => {
  const names = initialMasterNodes.split('\n').map((name) => name.trim());
  const voters = names.filter((name) => name !== '');
  if (knownCluster !== undefined) {
    say('INFO', `joining the existing cluster ${knownCluster}`);
    if (diskIsEmpty)
      say(
        'INFO',
        "this node's disk is empty; its copies come from the other nodes. Only if the claims of ALL nodes were " +
          `deleted, start over with: kubectl -n ${namespace} delete configmap/elasticsearch-formed ` +
          voters.map((name) => `pod/${name}`).join(' '),
      );
    return [];
  }
  const strange = voters.find((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name));
  if (voters.length === 0 || strange !== undefined)
    throw new Refused(`initial_master_nodes.txt must name pods, one a line, but has '${strange ?? ''}'`);
  say('INFO', `first start, with the voters ${voters.join(',')}`);
  return [`cluster.initial_master_nodes: [${voters.join(',')}]`];
};
