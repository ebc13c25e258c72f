// Questions about a cluster that runs which `make doctor` and `make upgrade-check` both ask, by what was read of it.

import { ordinalsOf } from '../check/claims.ts';
import { AGENTS, agentsVerdict } from './agents.ts';
import { GREEN, greenVerdict, VERSIONS, versionsVerdict } from './cluster.ts';
import { HEADROOM, headroomVerdict, ROOM, roomVerdict } from './disk.ts';
import type { Facts } from './facts.ts';
import { both, judge } from './known.ts';
import {
  ALLOCATION,
  ARCHIVED,
  allocationVerdict,
  archivedVerdict,
  FILTERS,
  filtersVerdict,
  UNDER_WAY,
  underWayVerdict,
  VOTES,
  votesVerdict,
  WRITES,
  writesVerdict,
} from './leftovers.ts';
import { readyVerdict, revisionVerdict } from './pods.ts';
import { DRILL, drillVerdict, SNAPSHOT, snapshotVerdict } from './snapshots.ts';
import type { Verdict } from './verdict.ts';

/** The names of the pods that the StatefulSet of the cluster wants. */
export const wantedIn = ({ statefulSet }: Pick<Facts, 'statefulSet'>): readonly string[] =>
  ordinalsOf(statefulSet).map((ordinal) => `${statefulSet.metadata?.name ?? ''}-${ordinal}`);

export const wholeVerdicts = (facts: Facts): readonly Verdict[] => [
  judge(GREEN, facts.cluster.health, (of) => greenVerdict(of, wantedIn(facts).length)),
  judge(VERSIONS, facts.cluster.state, versionsVerdict),
];

export const leftoverVerdicts = ({ cluster: { settings, state } }: Pick<Facts, 'cluster'>): readonly Verdict[] => [
  judge(FILTERS, settings, filtersVerdict),
  judge(ALLOCATION, settings, allocationVerdict),
  judge(UNDER_WAY, settings, underWayVerdict),
  judge(ARCHIVED, settings, archivedVerdict),
  judge(VOTES, state, votesVerdict),
  judge(WRITES, state, writesVerdict),
];

export const roomVerdicts = (facts: Facts): readonly Verdict[] => {
  const { disks, cluster } = facts;
  const { settings, state } = cluster;
  return [
    judge(ROOM, settings, (of) => roomVerdict(disks, of)),
    ...(wantedIn(facts).length > 1
      ? [judge(HEADROOM, both(settings, state), (of) => headroomVerdict(disks, ...of))]
      : []),
  ];
};

export const nodeVerdicts = (facts: Facts): readonly Verdict[] => {
  const { nodes, statefulSet, status } = facts;
  const wanted = wantedIn(facts);
  return [
    readyVerdict(nodes, wanted),
    revisionVerdict(statefulSet, nodes),
    judge(AGENTS, status, (of) => agentsVerdict(of.nodes, wanted)),
  ];
};

/** Nothing where the overlay takes none. */
export const snapshotVerdicts = ({ snapshots, now }: Facts): readonly Verdict[] | undefined =>
  snapshots === undefined
    ? undefined
    : [
        judge(SNAPSHOT, snapshots, (metrics) => snapshotVerdict(metrics, now / 1000)),
        judge(DRILL, snapshots, (metrics) => drillVerdict(metrics, now / 1000)),
      ];
