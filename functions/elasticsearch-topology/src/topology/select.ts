import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IService } from 'kubernetes-models/v1';
import type { Resource, Resources } from '../resource-list/list.ts';
import { isMap } from '../yaml/json.ts';
import type { Config } from './config.ts';
import { podSpec } from './containers.ts';

/** A resource read as a type, with its place in the list. */
export interface Typed<T> {
  readonly item: number;
  readonly object: T;
}

export const SEED_HOSTS = 'unicast_hosts.txt';
/** What kustomize notes while it renders. */
export const KUSTOMIZE = 'internal.config.kubernetes.io/';
const NAME_LABEL = 'app.kubernetes.io/name';

/** The StatefulSets that the config speaks of. */
export function statefulSets(resources: Resources, { statefulSet }: Config): Typed<IStatefulSet>[] {
  return resources
    .find('StatefulSet', 'StatefulSet')
    .filter((resource): resource is Typed<IStatefulSet> => isKind(resource, 'apps/v1', 'StatefulSet'))
    .filter(({ object }) => !isLocal(object))
    .filter(({ object }) =>
      statefulSet === undefined
        ? mapIn(object.metadata, 'labels')[NAME_LABEL] === 'elasticsearch'
        : names(object).includes(statefulSet.name) &&
          (statefulSet.namespace === undefined || namespaces(object).includes(statefulSet.namespace)),
    );
}

/** The ConfigMaps with seed hosts that the pods of the set mount, under their present names or earlier ones. */
export function membership(resources: Resources, set: IStatefulSet): Typed<IConfigMap>[] {
  const mounted = new Set(
    (podSpec(set)?.volumes ?? []).flatMap(({ configMap, projected }) =>
      [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)].map((source) => source?.name),
    ),
  );
  return resources
    .find('ConfigMap', SEED_HOSTS, 'as key')
    .filter((resource): resource is Typed<IConfigMap> => isKind(resource, 'v1', 'ConfigMap'))
    .filter(({ object }) => Object.hasOwn(mapIn(object, 'data'), SEED_HOSTS))
    .filter(
      ({ object }) =>
        sameNamespace(object, set) && names(object).some((name) => name !== undefined && mounted.has(String(name))),
    );
}

/** The Service of a name in the set's namespace; one that has the name now goes before one that had it. */
export function service(resources: Resources, set: IStatefulSet, name: string): IService | undefined {
  const services = resources
    .find('Service', name)
    .filter((resource): resource is Typed<IService> => isKind(resource, 'v1', 'Service'))
    .map(({ object }) => object)
    .filter((object) => sameNamespace(object, set) && names(object).includes(name));
  return services.find((object) => object.metadata?.name === name) ?? services[0];
}

const isKind = ({ object }: Resource, apiVersion: string, kind: string): boolean =>
  isMap(object) && object.apiVersion === apiVersion && object.kind === kind;

/** Only local configuration: it is never deployed. */
export const isLocal = (object: unknown): boolean => annotation(object, 'config.kubernetes.io/local-config') === 'true';

export function mapIn(parent: unknown, key: string): Record<string, unknown> {
  const value = isMap(parent) ? parent[key] : undefined;
  return isMap(value) ? value : {};
}

export const annotation = (object: unknown, name: string): unknown =>
  mapIn(mapIn(object, 'metadata'), 'annotations')[name];

/** The names that an object has and, as Kustomize notes them while it renders, had. */
export const names = (object: unknown): unknown[] => present(object, 'name', 'previousNames');
const namespaces = (object: unknown): unknown[] => present(object, 'namespace', 'previousNamespaces');

function present(object: unknown, field: string, earlier: string): unknown[] {
  const noted = annotation(object, `${KUSTOMIZE}${earlier}`);
  return [mapIn(object, 'metadata')[field], ...(typeof noted === 'string' ? noted.split(',') : [])];
}

const sameNamespace = (a: unknown, b: unknown): boolean =>
  mapIn(a, 'metadata').namespace === mapIn(b, 'metadata').namespace;
