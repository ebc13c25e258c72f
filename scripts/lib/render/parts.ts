// The parts of a render that the checks look at.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IContainer, IPod } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../objects.ts';

export type ElasticsearchSet = KubernetesObject & IStatefulSet;
export type PodSpec = NonNullable<IPod['spec']>;

export const podSpecOf = ({ spec }: IStatefulSet): PodSpec => spec?.template.spec ?? { containers: [] };

export const allContainers = (spec: PodSpec): readonly IContainer[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

/** The names of the pods that the set will have. */
export const podNames = ({ metadata, spec }: ElasticsearchSet): string[] =>
  Array.from({ length: spec?.replicas ?? 1 }, (_, i) => `${metadata.name}-${(spec?.ordinals?.start ?? 0) + i}`);

export const beside = (set: ElasticsearchSet, objects: readonly KubernetesObject[], kind: string): KubernetesObject[] =>
  objects.filter((object) => object.kind === kind && object.metadata.namespace === set.metadata.namespace);

const isMounted = (set: ElasticsearchSet, name: string): boolean =>
  (podSpecOf(set).volumes ?? []).some(
    ({ configMap, projected }) =>
      configMap?.name === name || (projected?.sources ?? []).some((source) => source.configMap?.name === name),
  );

/** The seed hosts that the pods of a set read, with the name of the ConfigMap; undefined where they read none. */
export const seedHostsOf = (
  set: ElasticsearchSet,
  objects: readonly KubernetesObject[],
): { readonly map: KubernetesObject & IConfigMap; readonly hosts: readonly string[] } | undefined => {
  const map = beside(set, objects, 'ConfigMap')
    .map((object): KubernetesObject & IConfigMap => object as KubernetesObject & IConfigMap)
    .find(({ metadata, data }) => isMounted(set, metadata.name) && data?.['unicast_hosts.txt'] !== undefined);
  if (map === undefined) return undefined;
  const lines = (map.data?.['unicast_hosts.txt'] ?? '').split('\n').map((line) => line.trim());
  return { map, hosts: lines.filter((line) => line !== '' && !line.startsWith('#')) };
};
