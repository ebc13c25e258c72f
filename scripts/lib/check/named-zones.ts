// The zones that the function's config names, against those that Kubernetes' nodes are in: copies of shards are kept
// for
// each zone that is named, and none is assigned to a node in another one.
import type { INode } from 'kubernetes-models/v1';
import type { Target } from '../cluster/target.ts';
import { type Finding, isUsable, ok, warning } from './finding.ts';

const zoneLabel = 'topology.kubernetes.io/zone';

/** As the function has put them into the variables of a container. */
const namedIn = ({ statefulSet }: Target): string[] =>
  (statefulSet.spec?.template.spec?.initContainers ?? [])
    .flatMap(({ env }) => env ?? [])
    .filter(({ name }) => name === 'AWARENESS_ZONES')
    .flatMap(({ value }) => (value ?? '').split(','));

export const namedZoneFindings = (nodes: readonly INode[], target: Target): Finding[] => {
  const named = namedIn(target);
  if (named.length === 0) return [];
  const there = new Set(nodes.filter(isUsable).flatMap(({ metadata }) => metadata?.labels?.[zoneLabel] ?? []));
  const absent = named.filter((zone) => !there.has(zone));
  const others = [...there].filter((zone) => !named.includes(zone)).sort();
  const findings = [
    ...(absent.length === 0
      ? []
      : [
          warning(
            `spec.zones names ${absent.join(', ')}, but no node that takes pods is there: copies that are kept for ` +
              'it stay unassigned',
          ),
        ]),
    ...(others.length === 0
      ? []
      : [
          warning(
            `nodes that take pods are in ${others.join(', ')}, which spec.zones does not name: no replica is ever ` +
              'assigned to an Elasticsearch node there',
          ),
        ]),
  ];
  return findings.length > 0 ? findings : [ok(`the zones that spec.zones names are there: ${named.join(', ')}`)];
};
