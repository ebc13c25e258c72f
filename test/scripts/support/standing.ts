// A StatefulSet of three nodes, its claims, pods and volumes, as the API server gives them.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPersistentVolume, IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { claimsOf, type NodeClaim } from '../../../scripts/lib/check/claims.ts';

export const image = (tag: string): string => `docker.elastic.co/elasticsearch/elasticsearch:${tag}`;

interface SetOptions {
  readonly replicas?: number;
  readonly start?: number;
  readonly whenDeleted?: string;
  readonly whenScaled?: string;
  readonly image?: string;
  readonly uid?: string;
}

export const set = (options: SetOptions = {}): IStatefulSet => {
  const { replicas = 3, start = 0, whenDeleted = 'Retain', whenScaled = 'Retain' } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'elasticsearch', namespace: 'reviews', uid: options.uid ?? 'this' },
    spec: {
      serviceName: 'x',
      replicas,
      ordinals: { start },
      // Also what Kubernetes does not know, as a newer one might.
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
      selector: {},
      template: { spec: { containers: [{ name: 'elasticsearch', image: options.image ?? image('9.5.3') }] } },
      volumeClaimTemplates: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } }],
    },
  };
};

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
}

export const bySet: Owner = { kind: 'StatefulSet', name: 'elasticsearch' };

interface ClaimOptions {
  readonly owners?: readonly Owner[];
  readonly leaving?: boolean;
  readonly volume?: string;
}

export const rawClaim = (
  name: string,
  { owners = [], leaving, volume }: ClaimOptions = {},
): IPersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: {
    name,
    ...(leaving === true ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    ownerReferences: owners.map(({ kind, name: owner, uid = 'this' }) => ({
      apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
      kind,
      name: owner,
      uid,
    })),
  },
  ...(volume === undefined ? {} : { spec: { volumeName: volume } }),
});

/** data-elasticsearch-ORDINAL, one for each. */
export const claims = (ordinals: readonly number[], options?: ClaimOptions): readonly NodeClaim[] =>
  claimsOf(
    [set()],
    ordinals.map((ordinal) => rawClaim(`data-elasticsearch-${ordinal}`, options)),
  );

export const pod = (name: string, runs = image('9.5.3')): IPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'elasticsearch', image: runs }] },
});

export const volume = (policy: string): IPersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  spec: { persistentVolumeReclaimPolicy: policy } as NonNullable<IPersistentVolume['spec']>,
});
