import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { type Change, reconcile } from './change.ts';
import type { Config, Spread } from './config.ts';
import { replicasOf } from './discovery.ts';

const STAMP = 'delivery-reviews.dev/topology';

/** What the values that the function writes follow from, beside the StatefulSet itself. */
export type Numbers = Pick<Config, 'zoneSpread' | 'hostSpread' | 'zones'> & { readonly heap: string };

/**
 * The annotation by which a render proves that the function ran, and with which numbers: a renderer may skip a
 * function without a word. It stands on the StatefulSet, not on its pods: it must not restart them.
 */
export function stamp(set: IStatefulSet, { heap, zoneSpread, hostSpread, zones }: Numbers): Change[] {
  const spread = zoneSpread === hostSpread ? zoneSpread : `${zoneSpread}/${hostSpread}`;
  const named = zones === undefined ? '' : ` zones=${zones.join(',')}`;
  const value = `replicas=${replicasOf(set)} heap=${heap} spread=${spread}${named}`;
  const why = 'proves that the function ran with these numbers';
  const { annotations } = set.metadata ?? {};
  const path = ['metadata', 'annotations'];
  return annotations === undefined || annotations === null
    ? [{ path, value: { [STAMP]: value }, why }]
    : reconcile([...path, STAMP], annotations[STAMP], value, why);
}

/**
 * The numbers of the run before, where there was one: a value that follows from them is the function's own and may be
 * written anew. Any other one is somebody's, and is not.
 */
export function earlierNumbers(set: IStatefulSet): Numbers | undefined {
  const text = String(set.metadata?.annotations?.[STAMP]);
  const [, heap, zoneSpread, hostSpread = zoneSpread, zones] =
    /heap=(\S+) spread=(\w+)(?:\/(\w+))?(?: zones=(\S+))?$/.exec(text) ?? [];
  if (heap === undefined) return undefined;
  return {
    heap,
    zoneSpread: zoneSpread as Spread,
    hostSpread: hostSpread as Spread,
    ...(zones === undefined ? {} : { zones: zones.split(',') }),
  };
}
