import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IService } from 'kubernetes-models/v1';
import { isMap } from '../yaml/json.ts';
import { type Change, reconcile } from './change.ts';
import type { Config } from './config.ts';
import { SEED_HOSTS } from './select.ts';

const INITIAL_MASTERS = 'initial_master_nodes.txt';

export const replicasOf = ({ spec }: IStatefulSet): number => spec?.replicas ?? 1;

/** The names of the pods that the set will have. */
function podNames(set: IStatefulSet): string[] {
  const start = set.spec?.ordinals?.start ?? 0;
  return Array.from({ length: replicasOf(set) }, (_, i) => `${set.metadata?.name}-${start + i}`);
}

/**
 * The changes that make the ConfigMap name every node once, as a seed host and for the first election. The host names
 * are full ones, which are found with the fewest look-ups, unless the namespace is not known yet.
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
  const data: unknown = map.data;
  const current = (key: string): unknown => (isMap(data) && Object.hasOwn(data, key) ? data[key] : undefined);
  return [
    ...reconcile(
      ['data', SEED_HOSTS],
      current(SEED_HOSTS),
      lines(pods.map((pod) => `${pod}.${domain}`)),
      'one seed host for each replica',
    ),
    ...reconcile(['data', INITIAL_MASTERS], current(INITIAL_MASTERS), lines(pods), 'the nodes of the first election'),
  ];
}

const lines = (all: readonly string[]): string => all.map((one) => `${one}\n`).join('');
