// The questions of `make doctor` about a cluster that runs, in the order in which a person would ask them.

import { zoneLabel } from '../check/zone-source.ts';
import { CERTIFICATE, certificateVerdict } from './certificate.ts';
import { sizesVerdict } from './claims.ts';
import { ZONES, zonesVerdict } from './cluster.ts';
import type { Facts } from './facts.ts';
import { judge } from './known.ts';
import { type Granted, kubeletsVerdict, neededSeconds } from './kubelets.ts';
import { placedVerdict } from './pods.ts';
import { leftoverVerdicts, nodeVerdicts, roomVerdicts, snapshotVerdicts, wantedIn, wholeVerdicts } from './shared.ts';
import type { Verdict } from './verdict.ts';

/** Where the overlay does not mean to spread, as on machines without zones, nobody is asked for them. */
const spreads = ({ spec }: Facts['rendered']): boolean =>
  (spec?.template.spec?.topologySpreadConstraints ?? []).some(({ topologyKey }) => topologyKey === zoneLabel);

export const verdictsOf = (facts: Facts, granted: Granted): readonly Verdict[] => {
  const { rendered, statefulSet, claims, pods, status, cluster, certificateEnds, now } = facts;
  const several = wantedIn(facts).length > 1;
  return [
    ...wholeVerdicts(facts),
    ...(several && spreads(rendered) ? [judge(ZONES, cluster.state, zonesVerdict)] : []),
    ...leftoverVerdicts(facts),
    ...roomVerdicts(facts),
    judge(CERTIFICATE, certificateEnds, (ends) => certificateVerdict(ends, now)),
    placedVerdict(pods, status.known ? status.value.causes : []),
    ...nodeVerdicts(facts),
    sizesVerdict(rendered, statefulSet, claims),
    kubeletsVerdict(granted, neededSeconds(rendered)),
    ...(snapshotVerdicts(facts) ?? []),
  ];
};
