// The questions of `make doctor` about a cluster that runs, in the order in which a person would ask them.

import { ordinalsOf } from '../check/claims.ts';
import { zoneLabel } from '../check/zone-source.ts';
import { AGENTS, agentsVerdict } from './agents.ts';
import { CERTIFICATE, certificateVerdict } from './certificate.ts';
import { sizesVerdict } from './claims.ts';
import { GREEN, greenVerdict, VERSIONS, versionsVerdict, ZONES, zonesVerdict } from './cluster.ts';
import { HEADROOM, headroomVerdict, ROOM, roomVerdict } from './disk.ts';
import type { Facts } from './facts.ts';
import { both, judge } from './known.ts';
import { kubeletsVerdict, neededSeconds } from './kubelets.ts';
import {
  ALLOCATION,
  allocationVerdict,
  FILTERS,
  filtersVerdict,
  VOTES,
  votesVerdict,
  WRITES,
  writesVerdict,
} from './leftovers.ts';
import { placedVerdict, readyVerdict, revisionVerdict } from './pods.ts';
import { DRILL, drillVerdict, SNAPSHOT, snapshotVerdict } from './snapshots.ts';
import type { Verdict } from './verdict.ts';

const ofKubernetes = (facts: Facts, wanted: readonly string[]): readonly Verdict[] => {
  const { rendered, statefulSet, claims, nodes, pods, status, granted } = facts;
  return [
    placedVerdict(pods, status.known ? status.value.causes : []),
    readyVerdict(nodes, wanted),
    revisionVerdict(statefulSet, nodes),
    judge(AGENTS, status, (of) => agentsVerdict(of.nodes, wanted)),
    sizesVerdict(rendered, statefulSet, claims),
    kubeletsVerdict(granted, neededSeconds(rendered)),
  ];
};

/** Where the overlay does not mean to spread, as on machines without zones, nobody is asked for them. */
const spreads = ({ spec }: Facts['rendered']): boolean =>
  (spec?.template.spec?.topologySpreadConstraints ?? []).some(({ topologyKey }) => topologyKey === zoneLabel);

const ofElasticsearch = (facts: Facts, wanted: number): readonly Verdict[] => {
  const { rendered, cluster, disks, certificateEnds, now } = facts;
  const { health, settings, state } = cluster;
  const several = wanted > 1;
  return [
    judge(GREEN, health, (of) => greenVerdict(of, wanted)),
    judge(VERSIONS, state, versionsVerdict),
    ...(several && spreads(rendered) ? [judge(ZONES, state, zonesVerdict)] : []),
    judge(FILTERS, settings, filtersVerdict),
    judge(ALLOCATION, settings, allocationVerdict),
    judge(VOTES, state, votesVerdict),
    judge(WRITES, state, writesVerdict),
    judge(ROOM, settings, (of) => roomVerdict(disks, of)),
    ...(several ? [judge(HEADROOM, both(settings, state), (of) => headroomVerdict(disks, ...of))] : []),
    judge(CERTIFICATE, certificateEnds, (ends) => certificateVerdict(ends, now)),
  ];
};

const ofSnapshots = ({ snapshots, now }: Facts): readonly Verdict[] =>
  snapshots === undefined
    ? []
    : [
        judge(SNAPSHOT, snapshots, (metrics) => snapshotVerdict(metrics, now / 1000)),
        judge(DRILL, snapshots, (metrics) => drillVerdict(metrics, now / 1000)),
      ];

export const verdictsOf = (facts: Facts): readonly Verdict[] => {
  const set = facts.statefulSet.metadata?.name ?? '';
  const wanted = ordinalsOf(facts.statefulSet).map((ordinal) => `${set}-${ordinal}`);
  return [...ofElasticsearch(facts, wanted.length), ...ofKubernetes(facts, wanted), ...ofSnapshots(facts)];
};
