// The nodes of a StatefulSet and their claims, by the names that its controller gives them: SET-ORDINAL and
// TEMPLATE-SET-ORDINAL.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';

export interface NodeClaim {
  readonly name: string;
  readonly ordinal: number;
  readonly claim: IPersistentVolumeClaim;
}

/** Of the pods that it wants, in their order; `start` is 0 where it is not given. */
export const ordinalsOf = ({ spec }: IStatefulSet): number[] =>
  Array.from({ length: spec?.replicas ?? 1 }, (_, index) => (spec?.ordinals?.start ?? 0) + index);

/** A claim whose name merely begins like one of a node is somebody else's: what follows must be a number. */
const ordinalIn = (name: string, start: string): number | undefined => {
  const rest = name.startsWith(start) ? name.slice(start.length) : '';
  return /^(?:0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
};

/** Of a node's pod; nothing for any other pod. */
export const podOrdinal = ({ metadata }: IPod, set: string): number | undefined =>
  ordinalIn(metadata?.name ?? '', `${set}-`);

/** The claims that belong to nodes of any of these StatefulSets, wanted or not, by ordinal. */
export const claimsOf = (
  sets: readonly IStatefulSet[],
  claims: readonly IPersistentVolumeClaim[],
): readonly NodeClaim[] => {
  const starts = new Set(
    sets.flatMap(({ metadata, spec }) =>
      (spec?.volumeClaimTemplates ?? []).map((template) => `${template.metadata?.name ?? ''}-${metadata?.name ?? ''}-`),
    ),
  );
  return claims
    .flatMap((claim): NodeClaim[] => {
      const name = claim.metadata?.name ?? '';
      const ordinal = [...starts].map((start) => ordinalIn(name, start)).find((found) => found !== undefined);
      return ordinal === undefined ? [] : [{ name, ordinal, claim }];
    })
    .sort((a, b) => a.ordinal - b.ordinal || a.name.localeCompare(b.name));
};

export const namesOf = (claims: readonly NodeClaim[]): string => claims.map(({ name }) => name).join(', ');
