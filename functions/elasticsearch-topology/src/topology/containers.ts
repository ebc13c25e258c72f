import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import type { Path } from '../yaml/edit.ts';
import { equal } from '../yaml/json.ts';
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

/** The init container that our variables go to, where the config names none. */
export const readerOf = (set: IStatefulSet, variable: string): string | undefined =>
  podSpec(set)?.initContainers?.find(({ env }) => env?.some(({ name }) => name === variable))?.name;

export const containerNames = (set: IStatefulSet, list: 'containers' | 'initContainers'): string =>
  (podSpec(set)?.[list] ?? []).map(({ name }) => name).join(', ') || 'none';

/** A variable of the container that a field of the config sizes. */
export interface Variable {
  readonly name: string;
  /** None: the variable is to be absent. */
  readonly value: string | undefined;
  readonly why: string;
  readonly field: string;
}

/**
 * The changes that make variables of a container have these values, or be absent (`undefined`). Those that are there
 * are changed where they stand, then others taken away from the last to the first, then missing ones added at the end.
 */
export function setVariables(at: Located, wanted: readonly Variable[]): Change[] {
  const env = at.container.env ?? [];
  const path = [...at.path, 'env'];
  const there = env.flatMap((entry, i) =>
    wanted.filter(({ name }) => name === entry.name).map((variable) => ({ entry, i, ...variable })),
  );
  const changed = there.flatMap(({ entry, i, name, value, why }) =>
    value === undefined ? [] : reconcile([...path, i], entry, { name, value }, why),
  );
  const removed = there
    .filter(({ value }) => value === undefined)
    .reverse()
    .map(({ i, why }) => ({ path: [...path, i], value: undefined, why }));
  const missing = wanted.flatMap(({ name, value, why }) =>
    value === undefined || env.some((entry) => entry.name === name) ? [] : [{ value: { name, value }, why }],
  );
  if (missing.length === 0) return [...changed, ...removed];
  const left = env.length - removed.length;
  // A list that is not there, or of which nothing is left, comes as a whole.
  if (left === 0) {
    return [{ path, value: missing.map(({ value }) => value), why: missing.map(({ why }) => why).join('; ') }];
  }
  return [...changed, ...removed, ...missing.map(({ value, why }, i) => ({ path: [...path, left + i], value, why }))];
}

/** Values of our variables that somebody has set: neither what they are to be nor what an earlier run has written. */
export function foreignVariables(
  { path, container: { env } }: Located,
  wanted: readonly Variable[],
  earlier: readonly Variable[] = [],
): Problem[] {
  // An empty one is a place for the value.
  const ours = [...wanted, ...earlier].flatMap(({ name, value }) => [{ name, value }, { name, value: '' }, { name }]);
  return (env ?? []).flatMap((entry, i) => {
    const variable = wanted.find(({ name }) => name === entry.name);
    return variable === undefined || ours.some((one) => equal(entry, one))
      ? []
      : [
          {
            path: [...path, 'env', i],
            must: `be left out: say spec.${variable.field} in the function's config`,
            found: entry,
          },
        ];
  });
}

const HEAP_FLAG = /-X(?:m[sx]|X:\S*(?:HeapSize|RAMPercentage))/;

/** Flags in the environment go before the file with the heap that follows from the numbers. */
export const heapFlags = ({ path, container: { env } }: Located): Problem[] =>
  (env ?? []).flatMap(({ name, value }, i) =>
    name === 'ES_JAVA_OPTS' && HEAP_FLAG.test(value ?? '')
      ? [
          {
            path: [...path, 'env', i, 'value'],
            must: "not size the heap: spec.heap of the function's config does",
            found: value,
          },
        ]
      : [],
  );

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
