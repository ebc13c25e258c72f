import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { type Change, reconcile } from './change.ts';
import type { Config } from './config.ts';
import { replicasOf } from './discovery.ts';

const STAMP = 'delivery-reviews.dev/topology';

/**
 * The annotation by which a render proves that the function ran, and with which numbers: a renderer may skip a
 * function without a word. It stands on the StatefulSet, not on its pods: it must not restart them.
 */
export function stamp(set: IStatefulSet, heap: string, { spread }: Config): Change[] {
  const value = `replicas=${replicasOf(set)} heap=${heap} spread=${spread}`;
  const why = 'proves that the function ran with these numbers';
  const { annotations } = set.metadata ?? {};
  const path = ['metadata', 'annotations'];
  return annotations === undefined || annotations === null
    ? [{ path, value: { [STAMP]: value }, why }]
    : reconcile([...path, STAMP], annotations[STAMP], value, why);
}
