// What a pod asks of a node, as the scheduler counts it:
// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
import type { IContainer, IPod } from 'kubernetes-models/v1';
import { isSidecar } from '../cluster/snapshot.ts';
import { quantityOf } from '../quantity.ts';

/** Bytes and cores. */
export interface Amounts {
  readonly memory: number;
  readonly cpu: number;
}

/** A limit without a request is its own request. */
const requestOf = ({ resources }: IContainer, name: keyof Amounts): number =>
  quantityOf(resources?.requests?.[name] ?? resources?.limits?.[name] ?? 0);

/**
 * Containers and sidecars run at once; an ordinary init container runs alone, with the sidecars that started before it.
 */
const requested = (spec: IPod['spec'], name: keyof Amounts): number => {
  let sidecars = 0;
  let most = 0;
  for (const container of spec?.initContainers ?? []) {
    if (isSidecar(container)) sidecars += requestOf(container, name);
    most = Math.max(most, sidecars + (isSidecar(container) ? 0 : requestOf(container, name)));
  }
  const running = (spec?.containers ?? []).reduce((sum, container) => sum + requestOf(container, name), sidecars);
  return Math.max(most, running) + quantityOf(spec?.overhead?.[name] ?? 0);
};

export const requestsOf = (spec: IPod['spec']): Amounts => ({
  memory: requested(spec, 'memory'),
  cpu: requested(spec, 'cpu'),
});
