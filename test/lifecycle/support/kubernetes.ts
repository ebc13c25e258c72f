// Answers of the API server: one StatefulSet, one lease, one ConfigMap, one node. Server-side apply behaves as the real
// one does for one field.
import type { Answer, Call, Handler } from './servers.ts';

export interface KubernetesFacts {
  /** Undefined: the StatefulSet is gone. */
  replicas?: number | undefined;
  /** The ordinal of the first pod. */
  start?: number;
  deleted?: boolean;
  lease?: { holder: string; renewed: string; manager: string; version: number } | undefined;
  formed?: { uuid: string; manager: string } | undefined;
  /** Labels of the Kubernetes node. */
  labels?: Readonly<Record<string, string>>;
  /** Every request is answered with this status. */
  refuse?: number;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly renewTime?: string;
}

const pretty = (value: object): string => JSON.stringify(value, null, 2);

const statefulSet = ({ replicas, start, deleted = false }: KubernetesFacts): Answer =>
  replicas === undefined
    ? { status: 404, body: pretty({ kind: 'Status', code: 404 }) }
    : {
        body: pretty({
          kind: 'StatefulSet',
          metadata: {
            name: 'elasticsearch',
            ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
            annotations: {
              'delivery-reviews.dev/topology': 'replicas=9 heap=1024m spread=Strict',
              'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"replicas":9}}',
            },
            managedFields: [{ fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
          },
          spec: { replicas, template: {}, ...(start === undefined ? {} : { ordinals: { start } }) },
          status: { replicas: 9 },
        }),
      };

const leaseAnswer = ({ lease }: KubernetesFacts): Answer =>
  lease === undefined
    ? { status: 404 }
    : {
        body: pretty({
          kind: 'Lease',
          metadata: {
            name: 'elasticsearch-restart',
            resourceVersion: String(lease.version),
            managedFields: [{ fieldsV1: { 'f:spec': { 'f:holderIdentity': {} } } }],
          },
          spec:
            lease.holder === ''
              ? {}
              : { holderIdentity: lease.holder, leaseDurationSeconds: 180, renewTime: lease.renewed },
        }),
      };

const patchLease = (facts: KubernetesFacts, { path, body }: Call): Answer => {
  const manager = /fieldManager=([^&]+)/.exec(path)?.[1] ?? '';
  const { metadata, spec = {} } = JSON.parse(body) as { metadata: { resourceVersion?: string }; spec?: LeaseSpec };
  const { lease } = facts;
  const conflict = { status: 409, body: pretty({ kind: 'Status', reason: 'Conflict' }) };
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== String(lease?.version)) return conflict;
  const holder = spec.holderIdentity ?? '';
  if (lease !== undefined && lease.holder !== '' && lease.manager !== manager && !path.includes('force=true')) {
    if (holder !== '') return conflict;
    return leaseAnswer(facts); // who owns no field gives none up
  }
  facts.lease = { holder, renewed: spec.renewTime ?? '', manager, version: (lease?.version ?? 0) + 1 };
  return leaseAnswer(facts);
};

const patchFormed = (facts: KubernetesFacts, { path, body }: Call): Answer => {
  const manager = /fieldManager=([^&]+)/.exec(path)?.[1] ?? '';
  const { data } = JSON.parse(body) as { data: { cluster_uuid: string } };
  if (facts.formed !== undefined && facts.formed.manager !== manager && facts.formed.uuid !== data.cluster_uuid)
    return { status: 409, body: pretty({ message: 'Apply failed with 1 conflict: .data.cluster_uuid' }) };
  facts.formed ??= { uuid: data.cluster_uuid, manager };
  return { body: pretty({ kind: 'ConfigMap', data }) };
};

export const kubernetes =
  (facts: KubernetesFacts): Handler =>
  (call: Call): Answer | undefined => {
    const { method, path } = call;
    if (facts.refuse !== undefined) return { status: facts.refuse, body: pretty({ message: 'refused' }) };
    if (path === '/apis/apps/v1/namespaces/reviews/statefulsets/elasticsearch') return statefulSet(facts);
    if (path.startsWith('/apis/coordination.k8s.io/v1/namespaces/reviews/leases/elasticsearch-restart'))
      return method === 'PATCH' ? patchLease(facts, call) : leaseAnswer(facts);
    if (path.startsWith('/api/v1/namespaces/reviews/configmaps/elasticsearch-formed') && method === 'PATCH')
      return patchFormed(facts, call);
    if (path.startsWith('/api/v1/nodes/'))
      return { body: pretty({ kind: 'Node', metadata: { name: 'node-a', labels: facts.labels ?? {} } }) };
    return undefined;
  };
