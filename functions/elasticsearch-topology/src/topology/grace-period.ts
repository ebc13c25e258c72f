import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { type Located, POD_SPEC, podSpec } from './containers.ts';
import type { Problem } from './schema-check.ts';

const WAITS = /^(?:PRE_STOP_[A-Z_]*SECONDS|SHUTDOWN_SECONDS)$/;

/** Whether all that a stopping pod may wait for fits in its grace period: Kubernetes kills what does not. */
export function gracePeriod(set: IStatefulSet, { path, container }: Located): Problem[] {
  // An entry may lack its name; the pattern then does not match.
  const waits = (container.env ?? []).flatMap((entry, i) => (WAITS.test(entry.name) ? [{ entry, i }] : []));
  if (waits.length === 0) return [];
  const unclear = waits.filter(({ entry }) => !/^\d+$/.test(String(entry.value)));
  if (unclear.length > 0) {
    return unclear.map(({ entry, i }) => ({
      path: [...path, 'env', i, 'value'],
      must: `be a whole number of seconds, as ${entry.name} is a part of the grace period`,
      found: entry.value,
    }));
  }
  // Of several variables with one name, Kubernetes takes the last.
  const seconds = [...new Map(waits.map(({ entry }) => [entry.name, Number(entry.value)]))];
  const sum = seconds.reduce((total, [, wait]) => total + wait, 0);
  const grace = podSpec(set)?.terminationGracePeriodSeconds ?? 30;
  return sum < grace
    ? []
    : [
        {
          path: [...POD_SPEC, 'terminationGracePeriodSeconds'],
          must: `be more than ${sum}, the sum of ${seconds.map(([name, wait]) => `${name} ${wait}`).join(', ')}`,
          found: grace,
        },
      ];
}
