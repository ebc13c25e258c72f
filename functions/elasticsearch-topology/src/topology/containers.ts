import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IContainer, IEnvVar, IPodSpec } from 'kubernetes-models/v1';
import type { Path } from '../yaml/edit.ts';
import { type Change, reconcile } from './change.ts';
import type { Problem } from './schema-check.ts';

/** A container of the pod template, and its path in the StatefulSet. */
export interface Located {
  readonly path: Path;
  readonly container: IContainer;
}

export const POD_SPEC: Path = ['spec', 'template', 'spec'];

/** The pod's spec; the type promises a template, the input may have none. */
export const podSpec = ({ spec }: IStatefulSet): IPodSpec | undefined => spec?.template?.spec;

export function container(set: IStatefulSet, list: 'containers' | 'initContainers', name: string): Located | undefined {
  const containers = podSpec(set)?.[list] ?? [];
  const at = containers.findIndex((candidate) => candidate.name === name);
  const found = containers[at];
  return found && { path: [...POD_SPEC, list, at], container: found };
}

export const containerNames = (set: IStatefulSet, list: 'containers' | 'initContainers'): string =>
  (podSpec(set)?.[list] ?? []).map(({ name }) => name).join(', ') || 'none';

/** The variable that counts: of several with one name, Kubernetes takes the last. */
function variable({ path, container: { env } }: Located, name: string): { path: Path; entry: IEnvVar } | undefined {
  const at = (env ?? []).findLastIndex((candidate) => candidate.name === name);
  const entry = env?.[at];
  return entry && { path: [...path, 'env', at], entry };
}

/**
 * The changes that make variables of a container have these values, or be absent (`undefined`). Those that are there
 * are changed where they stand, then others taken away from the last to the first, then missing ones added at the end.
 */
export function setVariables(
  at: Located,
  wanted: readonly { name: string; value: string | undefined; why: string }[],
): Change[] {
  const env = at.container.env ?? [];
  const path = [...at.path, 'env'];
  const set = wanted.filter((want): want is { name: string; value: string; why: string } => want.value !== undefined);
  const changed = set.flatMap(({ name, value, why }) => {
    const found = variable(at, name);
    return found === undefined ? [] : reconcile(found.path, found.entry, { name, value }, why);
  });
  const removed = wanted
    .filter(({ value }) => value === undefined)
    .flatMap(({ name, why }) =>
      env.flatMap((entry, i) => (entry.name === name ? [{ path: [...path, i], value: undefined, why }] : [])),
    )
    .sort((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)));
  const missing = set.filter(({ name }) => variable(at, name) === undefined);
  if (missing.length === 0) return [...changed, ...removed];
  const entries = missing.map(({ name, value }) => ({ name, value }));
  const left = env.length - removed.length;
  // A list that is not there, or of which nothing is left, comes as a whole.
  if (left === 0) return [{ path, value: entries, why: missing.map(({ why }) => why).join('; ') }];
  const added = missing.map(({ why }, i) => ({ path: [...path, left + i], value: entries[i], why }));
  return [...changed, ...removed, ...added];
}

/**
 * A variable of ours that stands in another container of the pod: that one reads it, so a value that is written here
 * would change nothing, in silence. `field` names the container in the function's config.
 */
export function misplaced(set: IStatefulSet, here: Located, variables: readonly string[], field: string): Problem[] {
  return (['initContainers', 'containers'] as const)
    .flatMap((list) =>
      (podSpec(set)?.[list] ?? []).map((other, at) => ({ path: [...POD_SPEC, list, at], container: other })),
    )
    .filter((other) => other.path.join('.') !== here.path.join('.'))
    .flatMap(({ path, container: { name, env } }) =>
      (env ?? []).flatMap((entry, i) =>
        variables.includes(entry.name)
          ? [
              {
                path: [...path, 'env', i, 'name'],
                must:
                  `not be ${entry.name}, which goes to ${JSON.stringify(here.container.name)}: ` +
                  `if ${JSON.stringify(name)} reads it, say so in ${field}`,
                found: entry.name,
              },
            ]
          : [],
      ),
    );
}
