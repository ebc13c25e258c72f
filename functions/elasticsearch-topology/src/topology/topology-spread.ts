import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { isMap, type Json, type JsonMap } from '../yaml/json.ts';
import { type Change, reconcile } from './change.ts';
import type { Config } from './config.ts';
import { POD_SPEC, podSpec } from './containers.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

/** How many zones a cluster is spread over where the config names none: with two, losing either may lose the quorum. */
export const zoneCount = ({ zones }: Config): number => zones?.length ?? 3;

const PATH = [...POD_SPEC, 'topologySpreadConstraints'];
const WHY = {
  Strict: 'a pod that would break the spread over zones and hosts waits',
  BestEffort: 'pods are spread over zones and hosts as far as the nodes allow',
};

/**
 * The changes that give the pods one constraint for zones and one for hosts. Of an entry for these, the fields below
 * are set or taken away and others left alone; entries for other topology keys are left alone altogether.
 */
export function topologySpread(set: IStatefulSet, config: Config): Change[] {
  const why = WHY[config.spread];
  const wanted = constraints(set, config);
  const current = podSpec(set)?.topologySpreadConstraints ?? [];
  if (current.length === 0) return [{ path: PATH, value: wanted.map(defined), why }];

  const first = new Map(current.map(({ topologyKey }, i) => [topologyKey, i] as const).reverse());
  const changed = wanted.flatMap((constraint) => {
    const at = first.get(constraint.topologyKey);
    return at === undefined
      ? []
      : Object.entries(constraint).flatMap(([field, value]) =>
          reconcile([...PATH, at, field], fieldOf(current[at], field), value, why),
        );
  });
  const repeated = current
    .flatMap(({ topologyKey }, i) => ([ZONE, HOST].includes(topologyKey) && first.get(topologyKey) !== i ? [i] : []))
    .reverse()
    .map((i) => ({ path: [...PATH, i], value: undefined, why: 'a topology key has one constraint' }));
  const missing = wanted.filter(({ topologyKey }) => !first.has(topologyKey));
  const left = current.length - repeated.length;
  return [
    ...changed,
    ...repeated,
    ...missing.map((constraint, i) => ({ path: [...PATH, left + i], value: defined(constraint), why })),
  ];
}

interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly minDomains: number | undefined;
  readonly nodeTaintsPolicy: 'Honor' | undefined;
  readonly labelSelector: Json;
}

function constraints(set: IStatefulSet, config: Config): Constraint[] {
  const strict = config.spread === 'Strict';
  const shared = {
    maxSkew: 1,
    whenUnsatisfiable: strict ? 'DoNotSchedule' : 'ScheduleAnyway',
    labelSelector: JSON.parse(JSON.stringify(set.spec?.selector)) as Json,
  } as const;
  return [
    // Fewer zones than these count as empty ones, so that the pods wait for a zone instead of crowding into one.
    { ...shared, topologyKey: ZONE, minDomains: strict ? zoneCount(config) : undefined, nodeTaintsPolicy: undefined },
    // A cordoned or control-plane node must not count as an empty host that the pods have to wait for.
    { ...shared, topologyKey: HOST, minDomains: undefined, nodeTaintsPolicy: strict ? 'Honor' : undefined },
  ];
}

/** In the order in which people write them, without the fields that are not wanted. */
function defined({
  maxSkew,
  minDomains,
  topologyKey,
  whenUnsatisfiable,
  nodeTaintsPolicy,
  labelSelector,
}: Constraint): JsonMap {
  const ordered = { maxSkew, minDomains, topologyKey, whenUnsatisfiable, nodeTaintsPolicy, labelSelector };
  return JSON.parse(JSON.stringify(ordered)) as JsonMap;
}

const fieldOf = (entry: unknown, field: string): unknown =>
  isMap(entry) && Object.hasOwn(entry, field) ? entry[field] : undefined;
