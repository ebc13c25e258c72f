import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IService } from 'kubernetes-models/v1';
import { isMap } from '../yaml/json.ts';
import { type Change, reconcile } from './change.ts';
import type { Config } from './config.ts';
import type { Problem } from './schema-check.ts';
import { names, SEED_HOSTS } from './select.ts';

const INITIAL_MASTERS = 'initial_master_nodes.txt';

export const replicasOf = ({ spec }: IStatefulSet): number => spec?.replicas ?? 1;

/** The names of the pods that the set will have. */
function podNames(set: IStatefulSet): string[] {
  const start = set.spec?.ordinals?.start ?? 0;
  return Array.from({ length: replicasOf(set) }, (_, i) => `${set.metadata?.name}-${start + i}`);
}

/**
 * The changes that make the ConfigMap name every node once, as a seed host and for the first election. The host names
 * are full ones, which are found with the fewest look-ups, unless the namespace is not known yet. Seed hosts that are
 * no nodes of the set are somebody's, and stay.
 */
export function discovery(
  set: IStatefulSet,
  map: IConfigMap,
  governing: IService | undefined,
  config: Config,
): Change[] {
  const service = governing?.metadata?.name ?? set.spec?.serviceName;
  const namespace = set.metadata?.namespace;
  const domain = namespace === undefined ? `${service}` : `${service}.${namespace}.svc.${config.clusterDomain}`;
  const pods = podNames(set);
  return [
    ...reconcile(
      ['data', SEED_HOSTS],
      valueOf(map, SEED_HOSTS),
      lines([...pods.map((pod) => `${pod}.${domain}`), ...others(set, map, SEED_HOSTS)]),
      'one seed host for each replica',
    ),
    ...reconcile(
      ['data', INITIAL_MASTERS],
      valueOf(map, INITIAL_MASTERS),
      lines(pods),
      'the nodes of the first election',
    ),
  ];
}

/** A first election would wait for voters that never come. */
export function foreignVoters(set: IStatefulSet, map: IConfigMap): Problem[] {
  const found = others(set, map, INITIAL_MASTERS);
  return found.length === 0
    ? []
    : [{ path: ['data', INITIAL_MASTERS], must: `name nodes of StatefulSet ${set.metadata?.name} only`, found }];
}

function valueOf({ data }: IConfigMap, key: string): unknown {
  const map: unknown = data;
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The lines that name no node of the set, by its name now or before. */
function others(set: IStatefulSet, map: IConfigMap, key: string): string[] {
  const starts = names(set).map((name) => `${String(name)}-`);
  return String(valueOf(map, key) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' &&
        !starts.some((start) => line.startsWith(start) && /^\d+(?:[.:]|$)/.test(line.slice(start.length))),
    );
}

const lines = (all: readonly string[]): string => all.map((one) => `${one}\n`).join('');
