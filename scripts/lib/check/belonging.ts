// What of an overlay belongs to this environment alone. Two environments may, by mistake, render the same cluster-wide
// object: one of them must not take it away from the other, nor change it for the other. Pure decisions; in doubt the
// answer is no.
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { type KubernetesObject, label } from '../objects.ts';
import { type Finding, ok, warning } from './finding.ts';
import type { ScopeOf } from './scope.ts';

/** What the cluster has of a rendered cluster-wide object. */
export interface Seen {
  readonly rendered: KubernetesObject;
  /** Nothing where the cluster does not have it. */
  readonly live: KubernetesObject | undefined;
  /** Who else uses it, or why that is not known. */
  readonly users: readonly string[] | { readonly unknown: string };
}

export interface RemovalPlan {
  readonly remove: readonly KubernetesObject[];
  /** What stays, and why. */
  readonly left: readonly string[];
  /** Why nothing at all may be removed. */
  readonly refusals: readonly string[];
}

const isUnknown = (users: Seen['users']): users is { readonly unknown: string } => 'unknown' in users;

const named = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

const wayOut = (namespace: string): string =>
  `end its name in .${namespace}, as components/zone-lookup/names does, or take it out of the overlay`;

/** The word behind the last dot, which names the environment. */
export const environmentOf = ({ metadata }: KubernetesObject): string | undefined =>
  /\.([^.]+)$/.exec(metadata.name)?.[1];

const removalRefusal = ({ rendered, users }: Seen, namespace: string): string | undefined => {
  const who = isUnknown(users) ? undefined : users;
  if (who !== undefined && who.length > 0)
    return (
      `${label(rendered)} is used by others: ${named(who)}. ` +
      'Let them use one of their own first, or take it out of the overlay'
    );
  if (environmentOf(rendered) !== namespace)
    return (
      `${label(rendered)} is there for the whole cluster, and its name does not end in .${namespace}, ` +
      `so another environment may rely on it: ${wayOut(namespace)}`
    );
  return isUnknown(users)
    ? `${label(rendered)} is there for the whole cluster, and who uses it can't be found out: ${users.unknown}. ` +
        'Take it out of the overlay, and remove it by hand'
    : undefined;
};

/**
 * Namespaces are not cluster-wide objects here: the caller decides about the environment's own, and no other is ever
 * removed.
 */
const isForeignNamespace = ({ kind, apiVersion, metadata }: KubernetesObject, namespace: string): boolean =>
  kind === 'Namespace' && apiVersion === 'v1' && metadata.name !== namespace;

export const removalPlan = (
  objects: readonly KubernetesObject[],
  namespace: string,
  scopeOf: ScopeOf,
  seen: readonly Seen[],
): RemovalPlan => {
  const remove: KubernetesObject[] = [];
  const left: string[] = [];
  const refusals: string[] = [];
  for (const object of objects) {
    const scope = scopeOf(object);
    const there = seen.find(({ rendered }) => rendered === object);
    if (scope === 'not served') left.push(`${label(object)}: the API server has no such kind`);
    else if (scope === 'namespaced' && object.metadata.namespace === undefined)
      refusals.push(`${label(object)} names no namespace, so it would be looked for in that of kubectl's context`);
    else if (scope === 'namespaced' && object.metadata.namespace !== namespace)
      left.push(`${label(object)}: it is not in namespace ${namespace}`);
    else if (scope === 'namespaced') remove.push(object);
    else if (isForeignNamespace(object, namespace)) left.push(`${label(object)}: it is another environment's`);
    else if (object.kind === 'Namespace') remove.push(object);
    else if (there === undefined)
      refusals.push(`${label(object)} is there for the whole cluster, and was not looked at`);
    else if (there.live !== undefined) {
      const refusal = removalRefusal(there, namespace);
      if (refusal === undefined) remove.push(object);
      else refusals.push(refusal);
    }
  }
  return { remove, left, refusals };
};

/**
 * Workloads and claims of a namespace that are neither rendered, nor workloads that are a part of delivery reviews or
 * made by another object. A claim counts whoever made it and whatever its labels say: its owner may be of a kind that
 * nobody listed, another overlay may have brought it, and data is on it.
 */
export const strangers = (
  there: readonly KubernetesObject[],
  objects: readonly KubernetesObject[],
  claims: readonly string[],
): string[] =>
  there
    .filter(
      ({ kind, metadata }) =>
        kind === 'PersistentVolumeClaim' ||
        (metadata.labels?.['app.kubernetes.io/part-of'] !== 'delivery-reviews' &&
          (metadata.ownerReferences ?? []).length === 0),
    )
    .filter(({ kind, metadata }) => !(kind === 'PersistentVolumeClaim' && claims.includes(metadata.name)))
    .filter(({ kind, metadata }) => !objects.some((own) => own.kind === kind && own.metadata.name === metadata.name))
    .map(label);

/**
 * Accounts of other namespaces that the cluster's binding names and the rendered one does not: an apply would take
 * their rights.
 */
const losers = ({ rendered, live }: Seen, namespace: string): string[] => {
  if (live?.kind !== 'ClusterRoleBinding') return [];
  const kept = (rendered as IClusterRoleBinding).subjects ?? [];
  return ((live as IClusterRoleBinding).subjects ?? [])
    .filter((subject) => subject.namespace !== undefined && subject.namespace !== namespace)
    .filter(
      (subject) =>
        !kept.some(
          ({ kind, name, namespace: where }) =>
            kind === subject.kind && name === subject.name && where === subject.namespace,
        ),
    )
    .map(({ kind, name, namespace: where }) => `${kind} ${where ?? ''}/${name}`);
};

/**
 * Before an apply: would it change what is another environment's? `namespaces` has those of the cluster that objects
 * are named after.
 */
export const applyFindings = (seen: readonly Seen[], namespace: string, namespaces: ReadonlySet<string>): Finding[] => {
  const findings = seen.flatMap((one): Finding[] => {
    const { rendered, users } = one;
    const environment = environmentOf(rendered);
    const taken = losers(one, namespace);
    const gives = `${label(rendered)} gives rights to ${named(taken)}, which a deploy would take away`;
    // By its name it is this environment's: what is taken away was put there by an overlay that forgot to name its own.
    if (taken.length > 0 && environment === namespace) return [warning(gives)];
    if (taken.length > 0) return [{ level: 'error', message: `${gives}: ${wayOut(namespace)}` }];
    if (environment !== undefined && environment !== namespace && namespaces.has(environment))
      return [
        {
          level: 'error',
          message:
            `${label(rendered)} belongs to namespace ${environment}, as its name says, ` +
            `and a deploy to ${namespace} would change it: ${wayOut(namespace)}`,
        },
      ];
    const warnings: Finding[] = [];
    if (environment !== namespace)
      warnings.push(
        warning(
          `${label(rendered)} is there for the whole cluster, and its name does not end in .${namespace}: another ` +
            `environment may have the same, and undeploy would refuse to remove it: ${wayOut(namespace)}`,
        ),
      );
    if (isUnknown(users))
      warnings.push(warning(`who else uses ${label(rendered)} can't be found out: ${users.unknown}`));
    else if (users.length > 0)
      warnings.push(warning(`${label(rendered)} is also used by ${named(users)}: what changes in it changes for them`));
    return warnings;
  });
  return seen.length > 0 && findings.length === 0
    ? [ok("what is there for the whole cluster is this environment's own")]
    : findings;
};
