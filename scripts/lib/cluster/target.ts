// What a deployment of a rendered overlay is about: one StatefulSet of Elasticsearch in one namespace.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { isElasticsearch, isStatefulSet, type KubernetesObject } from '../objects.ts';

export interface Target {
  readonly namespace: string;
  readonly statefulSet: KubernetesObject & IStatefulSet;
  readonly replicas: number;
}

export const targetOf = (objects: readonly KubernetesObject[]): Target => {
  const statefulSet = objects.filter(isStatefulSet).find(isElasticsearch);
  const namespace = statefulSet?.metadata.namespace;
  if (statefulSet === undefined || namespace === undefined)
    throw new UserError(
      'the overlay must set `namespace:` and hold a StatefulSet labelled app.kubernetes.io/name: elasticsearch',
    );
  return { namespace, statefulSet, replicas: statefulSet.spec?.replicas ?? 1 };
};

/** Is this a pod of Elasticsearch's StatefulSet, and not one of those beside it? */
export const isNode =
  (target: Target) =>
  (pod: IPod): boolean =>
    pod.metadata?.ownerReferences?.some(({ name }) => name === target.statefulSet.metadata.name) ?? false;
