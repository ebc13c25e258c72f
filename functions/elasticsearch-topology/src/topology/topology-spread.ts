import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { Path } from '../yaml/edit.ts';
import { equal, isMap, type Json } from '../yaml/json.ts';
import { type Change, reconcile } from './change.ts';
import { POD_SPEC, podSpec } from './containers.ts';
import type { Problem } from './schema-check.ts';
import type { Numbers } from './stamp.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';
const PATH = [...POD_SPEC, 'topologySpreadConstraints'];

type Spreading = Omit<Numbers, 'heap'>;

/** How many zones a cluster is spread over where the config names none: with two, losing either may lose the quorum. */
export const zoneCount = ({ zones }: Pick<Spreading, 'zones'>): number => zones?.length ?? 3;

/**
 * The changes that give the pods one constraint for zones and one for hosts. Of an entry for these, fields that are
 * missing or that an earlier run has written are set or taken away; entries for other topology keys are left alone.
 */
export function topologySpread(set: IStatefulSet, now: Spreading, earlier: Spreading | undefined): Change[] {
  const current = podSpec(set)?.topologySpreadConstraints ?? [];
  const missing = constraints(set, now).filter(({ key }) => !current.some(({ topologyKey }) => topologyKey === key));
  const changed = fieldsOf(set, now, earlier)
    .filter(({ isOurs }) => isOurs)
    .flatMap(({ path, found, wanted, says }) => reconcile(path, found, wanted, says));
  const added = missing.map(({ fields, says }) => ({ value: JSON.parse(JSON.stringify(fields)) as Json, says }));
  return current.length === 0
    ? [{ path: PATH, value: added.map(({ value }) => value), why: added.map(({ says }) => says).join(', ') }]
    : [...changed, ...added.map(({ value, says }, i) => ({ path: [...PATH, current.length + i], value, why: says }))];
}

/** What somebody has set that the config does not say. */
export function foreignSpread(set: IStatefulSet, now: Spreading, earlier: Spreading | undefined): Problem[] {
  const keys = (podSpec(set)?.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey);
  return [
    ...keys.flatMap((key, i) =>
      [ZONE, HOST].includes(key) && keys.indexOf(key) < i
        ? [{ path: [...PATH, i, 'topologyKey'], must: 'appear once: the function spreads over it', found: key }]
        : [],
    ),
    ...fieldsOf(set, now, earlier)
      // Whether tainted nodes count changes nothing of what is promised.
      .filter(({ path, isOurs }) => !isOurs && path.at(-1) !== 'nodeTaintsPolicy')
      .map(({ path, found, wanted, says }) => {
        const or = wanted === undefined ? '' : `, or be ${JSON.stringify(wanted)}`;
        return { path, must: `be left out${or}: the function's config says ${says}`, found };
      }),
  ];
}

interface Field {
  readonly path: Path;
  readonly found: unknown;
  readonly wanted: Json | undefined;
  readonly says: string;
  /** Nobody else's: absent, as it should be, or as the earlier run has left it. */
  readonly isOurs: boolean;
}

/** The fields of the entries that are there. */
function fieldsOf(set: IStatefulSet, now: Spreading, earlier: Spreading | undefined): Field[] {
  const current = podSpec(set)?.topologySpreadConstraints ?? [];
  const before = earlier && constraints(set, earlier);
  return constraints(set, now).flatMap(({ key, fields, says }, nth) => {
    const at = current.findIndex(({ topologyKey }) => topologyKey === key);
    return Object.entries(at < 0 ? {} : fields).map(([field, wanted]) => {
      const entry: unknown = current[at];
      const found = isMap(entry) && Object.hasOwn(entry, field) ? (entry[field] ?? undefined) : undefined;
      const isOurs = [undefined, wanted, before?.[nth]?.fields[field]].some((value) => equal(found, value));
      return { path: [...PATH, at, field], found, wanted, says, isOurs };
    });
  });
}

interface Constraint {
  readonly key: string;
  /** In the order in which people write them; those that are not wanted are undefined. */
  readonly fields: Readonly<Record<string, Json | undefined>>;
  readonly says: string;
}

function constraints(set: IStatefulSet, spreading: Spreading): Constraint[] {
  const { zoneSpread, hostSpread } = spreading;
  const labelSelector = JSON.parse(JSON.stringify(set.spec?.selector ?? {})) as Json;
  const when = (isStrict: boolean): Json => (isStrict ? 'DoNotSchedule' : 'ScheduleAnyway');
  const [zonesStrict, hostsStrict] = [zoneSpread === 'Strict', hostSpread === 'Strict'];
  const count = zoneCount(spreading);
  return [
    {
      key: ZONE,
      fields: {
        maxSkew: 1,
        // Fewer zones than these count as empty ones, so that the pods wait for a zone instead of crowding into one.
        minDomains: zonesStrict ? count : undefined,
        topologyKey: ZONE,
        whenUnsatisfiable: when(zonesStrict),
        labelSelector,
      },
      says: `zoneSpread ${zoneSpread}${zonesStrict ? ` over ${count} zones` : ''}`,
    },
    {
      key: HOST,
      fields: {
        maxSkew: 1,
        topologyKey: HOST,
        whenUnsatisfiable: when(hostsStrict),
        // A cordoned or control-plane node must not count as an empty host that the pods have to wait for.
        nodeTaintsPolicy: hostsStrict ? 'Honor' : undefined,
        labelSelector,
      },
      says: `hostSpread ${hostSpread}`,
    },
  ];
}
