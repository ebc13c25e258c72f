// What a StatefulSet says about the claims of its nodes:
// https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { UserError } from '../cli.ts';

type Word = 'Retain' | 'Delete';

export interface Retention {
  readonly whenDeleted: Word;
  readonly whenScaled: Word;
}

/**
 * Retain where nothing is written, which is Kubernetes' default. Any other word is a UserError, since nobody here knows
 * what it does; `whose` says in it where the word stands.
 */
export const retentionOf = ({ spec }: IStatefulSet, whose: string): Retention => {
  const read = (when: keyof Retention): Word => {
    const found: unknown = spec?.persistentVolumeClaimRetentionPolicy?.[when] ?? 'Retain';
    if (found === 'Retain' || found === 'Delete') return found;
    throw new UserError(`${when} of ${whose} must be Retain or Delete, but is ${JSON.stringify(found)}`);
  };
  return { whenDeleted: read('whenDeleted'), whenScaled: read('whenScaled') };
};
