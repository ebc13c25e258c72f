// What a deployment of a rendered overlay is about: one StatefulSet of Elasticsearch in one namespace.
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { isElasticsearch, isStatefulSet, type KubernetesObject } from '../objects.ts';

export interface Target {
  readonly namespace: string;
  readonly statefulSet: KubernetesObject & IStatefulSet;
  readonly replicas: number;
  /** The labels by which each workload of the overlay finds its pods: other labels depend on how it is put together. */
  readonly selectors: readonly Labels[];
}

export type Labels = Readonly<Record<string, string>>;

/** Of one workload; nothing where it has none, as a Job. */
export const selectorOf = (object: KubernetesObject): Labels | undefined => {
  const { matchLabels } = (object as KubernetesObject & Partial<IDeployment>).spec?.selector ?? {};
  return matchLabels === undefined || Object.keys(matchLabels).length === 0 ? undefined : matchLabels;
};

const isWorkload = ({ kind }: KubernetesObject): boolean => ['StatefulSet', 'Deployment', 'DaemonSet'].includes(kind);

export const targetOf = (objects: readonly KubernetesObject[]): Target => {
  const statefulSet = objects.filter(isStatefulSet).find(isElasticsearch);
  const namespace = statefulSet?.metadata.namespace;
  if (statefulSet === undefined || namespace === undefined)
    throw new UserError(
      'the overlay must set `namespace:` and hold a StatefulSet labelled app.kubernetes.io/name: elasticsearch',
    );
  const selectors = objects
    .filter(isWorkload)
    .map(selectorOf)
    .filter((labels) => labels !== undefined);
  return { namespace, statefulSet, replicas: statefulSet.spec?.replicas ?? 1, selectors };
};

/** Is this a pod of one of the overlay's workloads? */
export const isOurs =
  ({ selectors }: Target) =>
  ({ metadata }: IPod): boolean =>
    selectors.some((labels) => Object.entries(labels).every(([name, value]) => metadata?.labels?.[name] === value));

/** Is this a pod of Elasticsearch's StatefulSet, and not one of those beside it? */
export const isNode =
  (target: Target) =>
  (pod: IPod): boolean =>
    pod.metadata?.ownerReferences?.some(({ name }) => name === target.statefulSet.metadata.name) ?? false;
