// How many pods are wanted, as far as anybody can tell. Not knowing is a state of its own: it never makes a node leave
// for good, and never at once.

import type { Answer } from '../../lib/answer.ts';
import { type Place, setOf } from './members.ts';
import type { NamespaceLook, StatefulSetLook } from './ports.ts';

export type Wanted =
  /** `fresh`: the API server says so now; otherwise it said so last. */
  | { readonly kind: 'number'; readonly place: Place; readonly deletesClaims: boolean; readonly fresh: boolean }
  /** All pods go, by somebody's will: scaled to 0, or deleted with its pods, or with its namespace. */
  | { readonly kind: 'nothing' }
  /** There is no StatefulSet (any more). Either all its pods go, or they were kept (--cascade=orphan). */
  | { readonly kind: 'unowned' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** `last`: what this function said last, in this process; undefined in the beginning. */
export const decideWanted = (
  podName: string,
  statefulSet: Answer<StatefulSetLook>,
  namespace: Answer<NamespaceLook>,
  last: Wanted | undefined,
): Wanted => {
  // Once its namespace goes, nothing brings the pods back, whatever the StatefulSet still says.
  if (namespace.ok && namespace.value.terminating) return { kind: 'nothing' };
  if (statefulSet.ok) {
    const { replicas, first, deleted, keepsPods, deletesClaims } = statefulSet.value;
    if (deleted) return { kind: keepsPods ? 'unowned' : 'nothing' };
    if (replicas === 0) return { kind: 'nothing' };
    return { kind: 'number', place: { set: setOf(podName), replicas, first }, deletesClaims, fresh: true };
  }
  if (statefulSet.trouble === 'absent') return { kind: 'unowned' };
  // An API server that falls silent, or forgets this token, makes no restart of a decommission.
  if (last?.kind === 'number') return { ...last, fresh: false };
  if (last !== undefined && last.kind !== 'unknown') return last;
  return { kind: 'unknown', reason: statefulSet.trouble };
};

/** Which pods are wanted; undefined while nobody can tell: then every node is taken for one that stays. */
export const placeOf = (wanted: Wanted): Place | undefined => (wanted.kind === 'number' ? wanted.place : undefined);

/** How many nodes, as the API server says now; undefined where it does not. */
export const nodesNow = (wanted: Wanted): number | undefined => {
  if (wanted.kind === 'nothing') return 0;
  return wanted.kind === 'number' && wanted.fresh ? wanted.place.replicas : undefined;
};
