// The API server, as this pod's service account. What it may do is in ../lifecycle-rights.yaml, each object by name: a
// server-side apply is authorized by name also where it creates.

import { type Answer, bad } from '../../lib/answer.ts';
import { apiServerCalls, inside, named, type Parse } from '../../lib/api-server.ts';
import { type Reply, understood } from '../../lib/http.ts';
import { count, field, list, object, optionalText, text } from '../../lib/json.ts';
import { read } from '../../lib/read.ts';
import { setOf } from './members.ts';
import type { Done, Formed, Kubernetes, LeaseLook, NamespaceLook, PodLook, StatefulSetLook } from './ports.ts';
import type { Settings } from './settings.ts';

const SECONDS = 8;
const LEASE = 'elasticsearch-restart';
const FORMED = 'elasticsearch-formed';

/** Of all pods alike: whoever knows better writes the voters. */
const VOTERS_MANAGER = 'elasticsearch-voters';

interface StandingSet extends StatefulSetLook {
  /** status.replicas: pods that stand now, also those that leave. */
  readonly standing: number;
}

export interface KubernetesClient extends Kubernetes {
  readonly statefulSet: () => Promise<Answer<StandingSet>>;
  /** The label topology.kubernetes.io/zone of a Kubernetes node; undefined where it has none. */
  readonly zoneOf: (node: string) => Promise<Answer<string | undefined>>;
}

export const kubernetesClient = (settings: Settings, seconds = SECONDS): KubernetesClient => {
  const { podName, namespace } = settings;
  const statefulSetName = setOf(podName);
  const lease = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${LEASE}`;
  const formed = `/api/v1/namespaces/${namespace}/configmaps/${FORMED}`;
  const { get, apply } = apiServerCalls({
    apiServer: settings.apiServer,
    folder: settings.folders.account,
    seconds: () => seconds,
  });

  const done = (answer: Answer<Reply>): Done => (answer.ok ? { ok: true, value: undefined } : answer);

  const applyLease = async (leaseSeconds: number, version?: string): Promise<Answer<LeaseLook>> => {
    const reply = await apply(
      lease,
      podName,
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: LEASE, ...(version === undefined ? {} : { resourceVersion: version }) },
        // A MicroTime. Only people read it: whether a lease is alive is told by its version, not by clocks.
        spec: {
          holderIdentity: podName,
          leaseDurationSeconds: leaseSeconds,
          renewTime: new Date().toISOString().replace('Z', '000Z'),
        },
      },
      version !== undefined,
    );
    if (!reply.ok) return reply;
    const held = read(`PATCH ${lease}`, understood(`PATCH ${lease}`, reply.value), leaseLook);
    if (held.ok && held.value.holder !== podName)
      return bad('not-understood', `PATCH ${lease}: the lease is not held by ${podName} afterwards`);
    return held;
  };

  const applyFormed = async (data: Readonly<Record<string, string>>, manager: string, force: boolean): Promise<Done> =>
    done(
      await apply(
        formed,
        manager,
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: FORMED, labels: { 'app.kubernetes.io/part-of': 'delivery-reviews' } },
          data,
        },
        force,
      ),
    );

  return {
    statefulSet: () =>
      get(`/apis/apps/v1/namespaces/${namespace}/statefulsets/${statefulSetName}`, statefulSetLook(statefulSetName)),
    namespace: () => get(`/api/v1/namespaces/${namespace}`, namespaceLook(namespace)),
    pod: () => get(`/api/v1/namespaces/${namespace}/pods/${podName}`, podLook(podName)),
    lease: () => get(lease, leaseLook),
    holdLease: (leaseSeconds) => applyLease(leaseSeconds),
    takeLease: (leaseSeconds, version) => applyLease(leaseSeconds, version),
    // Without a spec: the fields that this pod's manager owns go, and no others.
    giveLeaseBack: async () =>
      done(
        await apply(lease, podName, {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: LEASE },
        }),
      ),
    formed: async () => {
      const look = await get(formed, formedLook);
      if (!look.ok) return look;
      // Others keep their marks in it as well, and may have come first.
      return look.value === undefined
        ? bad('absent', `GET ${formed}: it has no cluster_uuid`)
        : { ok: true, value: look.value };
    },
    markFormed: (clusterUuid) => applyFormed({ cluster_uuid: clusterUuid }, podName, false),
    noteVoters: (voters) => applyFormed({ voters }, VOTERS_MANAGER, true),
    zoneOf: (node) => get(`/api/v1/nodes/${encodeURIComponent(node)}`, zoneLook(node)),
  };
};

const statefulSetLook =
  (name: string): Parse<StandingSet> =>
  (value) => {
    const set = named(value, 'StatefulSet', name);
    const spec = object(field(set, 'spec'), 'spec');
    const retention = inside(spec, 'persistentVolumeClaimRetentionPolicy');
    return {
      replicas: count(field(spec, 'replicas'), 'spec.replicas'),
      first: count(field(inside(spec, 'ordinals'), 'start') ?? 0, 'spec.ordinals.start'),
      deleted: optionalText(field(inside(set, 'metadata'), 'deletionTimestamp'), 'deletionTimestamp') !== undefined,
      keepsPods: list(field(inside(set, 'metadata'), 'finalizers') ?? [], 'metadata.finalizers').includes('orphan'),
      standing: count(field(inside(set, 'status'), 'replicas') ?? 0, 'status.replicas'),
      deletesClaims: optionalText(field(retention, 'whenScaled'), 'whenScaled') === 'Delete',
    };
  };

const namespaceLook =
  (name: string): Parse<NamespaceLook> =>
  (value) => {
    const status = inside(named(value, 'Namespace', name), 'status');
    return { terminating: optionalText(field(status, 'phase'), 'status.phase') === 'Terminating' };
  };

const podLook =
  (name: string): Parse<PodLook> =>
  (value) => {
    const metadata = inside(named(value, 'Pod', name), 'metadata');
    if (optionalText(field(metadata, 'deletionTimestamp'), 'deletionTimestamp') === undefined)
      return { graceSeconds: undefined };
    return { graceSeconds: count(field(metadata, 'deletionGracePeriodSeconds'), 'deletionGracePeriodSeconds') };
  };

const leaseLook: Parse<LeaseLook> = (value) => {
  const lease = named(value, 'Lease', LEASE);
  return {
    holder: optionalText(field(inside(lease, 'spec'), 'holderIdentity'), 'spec.holderIdentity') || undefined,
    version: text(field(inside(lease, 'metadata'), 'resourceVersion'), 'metadata.resourceVersion'),
  };
};

const formedLook: Parse<Formed | undefined> = (value) => {
  const data = inside(named(value, 'ConfigMap', FORMED), 'data');
  const clusterUuid = optionalText(field(data, 'cluster_uuid'), 'data.cluster_uuid')?.trim() ?? '';
  const voters = optionalText(field(data, 'voters'), 'data.voters');
  return clusterUuid === '' ? undefined : { clusterUuid, voters };
};

const zoneLook =
  (name: string): Parse<string | undefined> =>
  (value) => {
    const labels = inside(inside(named(value, 'Node', name), 'metadata'), 'labels');
    return optionalText(field(labels, 'topology.kubernetes.io/zone'), 'the zone') || undefined;
  };
