// Reads what of a deployment stands in the cluster: its StatefulSet, pods, claims, and the volumes behind claims.
// Decides nothing. What may not be read is an error, never an absent object.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPersistentVolume, IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { getJson, type List } from '../cluster/kubectl.ts';
import type { Target } from '../cluster/target.ts';
import { claimsOf, type NodeClaim } from './claims.ts';
import { liveOf } from './look-around.ts';

export interface Standing {
  /** Nothing where the cluster does not have it. */
  readonly statefulSet: IStatefulSet | undefined;
  /** Of nodes that are wanted, and of others that once were. */
  readonly claims: readonly NodeClaim[];
  /** Everything in the namespace; a pod of a node has the node's name. */
  readonly pods: readonly IPod[];
}

export const standingOf = async ({ namespace, statefulSet }: Target): Promise<Standing> => {
  const live = (await liveOf(statefulSet)) as IStatefulSet | undefined;
  const { items: claims } = await getJson<List<IPersistentVolumeClaim>>(['-n', namespace, 'persistentvolumeclaims']);
  const { items: pods } = await getJson<List<IPod>>(['-n', namespace, 'pods']);
  return { statefulSet: live, claims: claimsOf([statefulSet, ...(live === undefined ? [] : [live])], claims), pods };
};

/** By their names; nothing for a volume that a claim names and the cluster does not have. */
export const volumesOf = async (
  claims: readonly NodeClaim[],
): Promise<ReadonlyMap<string, IPersistentVolume | undefined>> => {
  const volumes = new Map<string, IPersistentVolume | undefined>();
  for (const { claim } of claims) {
    const name = claim.spec?.volumeName;
    if (name === undefined || name === '') continue;
    const live = await liveOf({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } });
    volumes.set(name, live as IPersistentVolume | undefined);
  }
  return volumes;
};
