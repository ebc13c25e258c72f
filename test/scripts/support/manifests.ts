// Objects as the API server gives them, no larger than what decides about them.
import { type KubernetesObject, parseManifests } from '../../../scripts/lib/objects.ts';

/** A single manifest. */
export const one = (text: string): KubernetesObject => parseManifests(text)[0] as KubernetesObject;

/** Of no rules. */
export const role = (name: string): KubernetesObject =>
  one(`{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ${name}}, rules: []}`);

/** Of the role lookup.reviews, to an account of this namespace; `extra`: more subjects, after a comma. */
export const binding = (name: string, namespace: string, extra = ''): KubernetesObject =>
  one(`{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: ${name}},
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: lookup.reviews},
    subjects: [{kind: ServiceAccount, name: elasticsearch, namespace: ${namespace}}${extra}]}`);

/** `extra`: more fields, after a comma. */
export const priority = (name: string, extra = ''): KubernetesObject =>
  one(`{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: ${name}}, value: 1${extra}}`);

/** Without a namespace, as a manifest that names none. */
export const inNamespace = (kind: string, name: string, namespace?: string): KubernetesObject =>
  one(
    `{apiVersion: v1, kind: ${kind}, metadata: {name: ` +
      `${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}}`,
  );
