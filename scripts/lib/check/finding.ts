// What a look at the cluster finds, before anything is applied.
import type { INode } from 'kubernetes-models/v1';

export interface Finding {
  /** An error: it can't work. A warning: it may wait for something. */
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: string;
}

export const ok = (message: string): Finding => ({ level: 'ok', message });
export const warning = (message: string): Finding => ({ level: 'warning', message });

/** Does the node take pods that tolerate nothing? */
export const isUsable = (node: INode): boolean =>
  node.spec?.unschedulable !== true &&
  !(node.spec?.taints ?? []).some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute') &&
  (node.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
