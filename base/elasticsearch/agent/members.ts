// Which nodes are pods of our StatefulSet, and which of those are wanted. A node of another name is none of ours: it is
// never told to go, nor is anything of it written or taken away.

/** The pods that are wanted: SET-FIRST to SET-(FIRST + REPLICAS - 1). */
export interface Place {
  /** The StatefulSet's name: the pod's without its ordinal. */
  readonly set: string;
  readonly replicas: number;
  /** spec.ordinals.start */
  readonly first: number;
}

/** The ordinal of a pod of that StatefulSet; undefined for any other name ("coordinating-7", "elasticsearch-07"). */
export const ordinalOf = (name: string, set: string): number | undefined => {
  if (!name.startsWith(`${set}-`)) return undefined;
  const digits = name.slice(set.length + 1);
  const ordinal = Number(digits);
  return Number.isSafeInteger(ordinal) && ordinal >= 0 && String(ordinal) === digits ? ordinal : undefined;
};

/** The StatefulSet's name from a pod's: Kubernetes puts the ordinal behind the last dash. */
export const setOf = (podName: string): string => podName.slice(0, Math.max(podName.lastIndexOf('-'), 0));

/** Is this node not one that has to leave: a wanted pod, or none of ours. */
export const stays = (name: string, { set, replicas, first }: Place): boolean => {
  const ordinal = ordinalOf(name, set);
  return ordinal === undefined || (ordinal >= first && ordinal < first + replicas);
};

/** Names in the order of their ordinals; others behind, by name. */
export const byOrdinal =
  (set: string) =>
  (a: string, b: string): number =>
    (ordinalOf(a, set) ?? Number.POSITIVE_INFINITY) - (ordinalOf(b, set) ?? Number.POSITIVE_INFINITY) ||
    (a < b ? -1 : Number(a > b));
