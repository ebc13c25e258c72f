// Pods are spread over zones and hosts as the function has worked it out: a patch that comes after it could weaken what
// the numbers of nodes and zones were held against.
import { isDeepStrictEqual } from 'node:util';
import { label } from '../objects.ts';
import { type ElasticsearchSet, type PodSpec, podSpecOf } from './parts.ts';

type Constraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

interface Spreading {
  readonly key: string;
  readonly isStrict: boolean;
  /** How many there must be: fewer count as empty ones. */
  readonly minDomains: number | undefined;
}

/** What the annotation of the function's run says; undefined where it says nothing of a spread. */
const spreadings = (proof: string): readonly Spreading[] | undefined => {
  const [, zone, host = zone, names] =
    /(?:^| )spread=(Strict|BestEffort)(?:\/(Strict|BestEffort))?(?: zones=(\S+))?$/.exec(proof) ?? [];
  if (zone === undefined) return undefined;
  const zones = names?.split(',').length ?? 3;
  const isStrict = zone === 'Strict';
  return [
    { key: 'topology.kubernetes.io/zone', isStrict, minDomains: isStrict ? zones : undefined },
    { key: 'kubernetes.io/hostname', isStrict: host === 'Strict', minDomains: undefined },
  ];
};

/** The fields of a constraint by which pods would be spread in another way. */
const differing = (set: ElasticsearchSet, entry: Constraint, { isStrict, minDomains }: Spreading): string[] => {
  const wanted: Readonly<Record<string, unknown>> = {
    maxSkew: 1,
    minDomains,
    whenUnsatisfiable: isStrict ? 'DoNotSchedule' : 'ScheduleAnyway',
    labelSelector: set.spec?.selector,
  };
  const found: Readonly<Record<string, unknown>> = { ...entry };
  return Object.keys(wanted).filter((field) => !isDeepStrictEqual(found[field], wanted[field]));
};

const differences = (set: ElasticsearchSet, spreading: Spreading): string[] => {
  const entries = (podSpecOf(set).topologySpreadConstraints ?? []).filter(
    ({ topologyKey }) => topologyKey === spreading.key,
  );
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return [`${entries.length} constraints for ${spreading.key}`];
  return differing(set, entry, spreading).map((field) => `${field} of ${spreading.key}`);
};

export const spreadFindings = (set: ElasticsearchSet, proof: string): string[] => {
  const found = spreadings(proof)?.flatMap((spreading) => differences(set, spreading)) ?? ['the annotation has none'];
  return found.length === 0
    ? []
    : [
        `the spread of ${label(set)} over zones and hosts is not the one that the function has worked out ` +
          `("${proof}"): ${found.join(', ')}. Say zoneSpread and hostSpread in the function's config`,
      ];
};
