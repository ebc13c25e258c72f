import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { type Located, POD_SPEC, podSpec } from './containers.ts';
import type { Problem } from './schema-check.ts';

const WAITS = /^(?:PRE_STOP_[A-Z_]*SECONDS|SHUTDOWN_SECONDS)$/;

/** Beside the stop's waits those of the start. */
const SECONDS = /^[A-Z_]+_SECONDS$/;

/** A wait is read by one container. One that stands in both was put where nobody reads it, and would change nothing. */
function waitsInBoth([ours, theirs]: readonly Located[]): Problem[] {
  if (ours === undefined || theirs === undefined) return [];
  const known = new Set((theirs.container.env ?? []).map(({ name }) => name));
  const reader = theirs.path.slice(POD_SPEC.length).join('.');
  return (ours.container.env ?? []).flatMap(({ name }, i) =>
    SECONDS.test(name) && known.has(name)
      ? [
          {
            path: [...ours.path, 'env', i, 'name'],
            must: `not be ${name}, which another container has and reads: the waits stand in ${reader}`,
            found: name,
          },
        ]
      : [],
  );
}

/**
 * Whether all that a stopping pod may wait for fits in its grace period: Kubernetes kills what does not. The waits
 * stand in the variables of these containers: the one that stops, and the one that decides about it.
 */
export function gracePeriod(set: IStatefulSet, containers: readonly Located[]): Problem[] {
  // An entry may lack its name; the pattern then does not match.
  const waits = containers.map(({ path, container }) =>
    (container.env ?? []).flatMap((entry, i) => (WAITS.test(entry.name) ? [{ path, entry, i }] : [])),
  );
  const unclear = waits.flat().filter(({ entry }) => !/^\d+$/.test(String(entry.value)));
  if (unclear.length > 0) {
    return unclear.map(({ path, entry, i }) => ({
      path: [...path, 'env', i, 'value'],
      must: `be a whole number of seconds, as ${entry.name} is a part of the grace period`,
      found: entry.value,
    }));
  }
  const twice = waitsInBoth(containers);
  if (twice.length > 0) return twice;
  // Of several variables of one container with one name, Kubernetes takes the last.
  const seconds = waits.flatMap((ours) => [...new Map(ours.map(({ entry }) => [entry.name, Number(entry.value)]))]);
  const sum = seconds.reduce((total, [, wait]) => total + wait, 0);
  const grace = podSpec(set)?.terminationGracePeriodSeconds ?? 30;
  return seconds.length === 0 || sum < grace
    ? []
    : [
        {
          path: [...POD_SPEC, 'terminationGracePeriodSeconds'],
          must: `be more than ${sum}, the sum of ${seconds.map(([name, wait]) => `${name} ${wait}`).join(', ')}`,
          found: grace,
        },
      ];
}
