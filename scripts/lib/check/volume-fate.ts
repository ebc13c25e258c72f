// What is left of the data when a claim is deleted: its volume's reclaim policy says that.
// https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming
import type { IPersistentVolume } from 'kubernetes-models/v1';
import type { NodeClaim } from './claims.ts';

interface VolumeFate {
  /** Volumes that stay, with the data that is on them. */
  readonly kept: readonly string[];
  /** Why nothing at all may be removed. */
  readonly refusals: readonly string[];
}

/** `volumes`, by name, has one for every volume that a claim names; undefined where the cluster does not have it. */
export const volumeFate = (
  claims: readonly NodeClaim[],
  volumes: ReadonlyMap<string, IPersistentVolume | undefined>,
): VolumeFate => {
  const kept: string[] = [];
  const refusals: string[] = [];
  for (const { name, claim } of claims) {
    const volume = claim.spec?.volumeName ?? '';
    if (volume === '') continue;
    if (!volumes.has(volume)) refusals.push(`PersistentVolume ${volume} of claim ${name} was not looked at`);
    const live = volumes.get(volume);
    if (live === undefined) continue;
    // A word of a newer Kubernetes may be none of those that the types have.
    const policy: string = live.spec?.persistentVolumeReclaimPolicy ?? 'not written';
    if (policy === 'Retain')
      kept.push(`PersistentVolume ${volume}, with the data of ${name} on it: its reclaim policy is Retain`);
    else if (policy !== 'Delete' && policy !== 'Recycle')
      refusals.push(
        `what would happen to the data of claim ${name} is not known: the reclaim policy of PersistentVolume ` +
          `${volume} is ${policy}`,
      );
  }
  return { kept, refusals };
};
