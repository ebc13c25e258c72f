// Who uses an object that is there for the whole cluster: objects of other namespaces, and bindings that are not the
// overlay's own. Pure; what it is given must be complete.

import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IClusterRoleBinding, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IPriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1';
import type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1';
import type { IPersistentVolume, IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { defaultClass } from '../cluster/diagnose.ts';
import { type KubernetesObject, label } from '../objects.ts';

interface Environment {
  readonly namespace: string;
  /** Everything that the overlay renders. */
  readonly objects: readonly KubernetesObject[];
}

interface Usage {
  /** What may use such an object, as kubectl's resources. */
  readonly reads: readonly string[];
  readonly users: (live: KubernetesObject, environment: Environment, there: readonly KubernetesObject[]) => string[];
}

const elsewhere =
  ({ namespace }: Environment) =>
  ({ metadata }: KubernetesObject): boolean =>
    metadata.namespace !== undefined && metadata.namespace !== namespace;

const isOwn = ({ objects }: Environment, { kind, metadata }: KubernetesObject): boolean =>
  objects.some(
    (own) => own.kind === kind && own.metadata.name === metadata.name && own.metadata.namespace === metadata.namespace,
  );

type Subject = NonNullable<IClusterRoleBinding['subjects']>[number];
const same = (a: Subject, b: Subject): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

/**
 * Subjects that are neither accounts of this namespace nor what the overlay itself names, unless that is another
 * namespace's.
 */
const subjects: Usage['users'] = (live, environment) => {
  const own = environment.objects.find(
    ({ kind, metadata }) => kind === live.kind && metadata.name === live.metadata.name,
  ) as IClusterRoleBinding | undefined;
  return ((live as IClusterRoleBinding).subjects ?? [])
    .filter((subject) =>
      subject.namespace === undefined
        ? !(own?.subjects ?? []).some((named) => same(named, subject))
        : subject.namespace !== environment.namespace,
    )
    .map(({ kind, name, namespace }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
};

const binds = ({ kind, metadata }: KubernetesObject, binding: KubernetesObject): boolean => {
  const { roleRef } = binding as IClusterRoleBinding | IRoleBinding;
  return roleRef.kind === kind && roleRef.name === metadata.name;
};

const bindings: Usage['users'] = (live, environment, there) =>
  there
    .filter(
      (binding) =>
        binds(live, binding) &&
        (binding.kind === 'ClusterRoleBinding' ? !isOwn(environment, binding) : elsewhere(environment)(binding)),
    )
    .map(label);

/** The specification of the pods, wherever in the object it stands. */
const podSpecOf = (object: KubernetesObject): IPod['spec'] => {
  if (object.kind === 'Pod') return (object as IPod).spec;
  if (object.kind === 'CronJob') return (object as unknown as ICronJob).spec?.jobTemplate.spec?.template.spec;
  return (object as unknown as IDeployment).spec?.template.spec;
};

const priority: Usage['users'] = (live, environment, there) => [
  ...((live as unknown as IPriorityClass).globalDefault === true
    ? ['every pod that names no class: it is the default']
    : []),
  ...there
    .filter((object) => elsewhere(environment)(object) && podSpecOf(object)?.priorityClassName === live.metadata.name)
    .map(label),
];

const storage: Usage['users'] = (live, environment, there) => [
  ...((live as IStorageClass).metadata?.annotations?.[defaultClass] === 'true'
    ? ['every claim that names no class: it is the default']
    : []),
  ...there
    .filter((object) => {
      if ((object as IPersistentVolumeClaim | IPersistentVolume).spec?.storageClassName !== live.metadata.name)
        return false;
      if (object.kind !== 'PersistentVolume') return elsewhere(environment)(object);
      const owner = (object as IPersistentVolume).spec?.claimRef?.namespace;
      return owner !== environment.namespace;
    })
    .map(label),
];

const workloads = ['pods', 'statefulsets.apps', 'deployments.apps', 'daemonsets.apps', 'jobs.batch', 'cronjobs.batch'];

const rbac = 'rbac.authorization.k8s.io';

const usages: Readonly<Record<string, Usage>> = {
  [`${rbac} ClusterRoleBinding`]: { reads: [], users: subjects },
  [`${rbac} ClusterRole`]: { reads: [`clusterrolebindings.${rbac}`, `rolebindings.${rbac}`], users: bindings },
  'scheduling.k8s.io PriorityClass': { reads: workloads, users: priority },
  'storage.k8s.io StorageClass': { reads: ['persistentvolumeclaims', 'persistentvolumes'], users: storage },
};

/** How to find the users of such an object; nothing for a kind that this project does not know. */
export const usageOf = ({ apiVersion, kind }: KubernetesObject): Usage | undefined =>
  usages[`${apiVersion.split('/')[0] ?? ''} ${kind}`];
