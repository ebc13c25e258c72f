// One look at the namespace: everything that tells how far a deployment is.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1';
import type { IContainer, IContainerStatus, IEvent, IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { getJson, ifAllowed, kubectl, type List } from './kubectl.ts';
import { lastWords } from './log-lines.ts';
import { isOurs, type Target } from './target.ts';

/** The answer of `_cluster/health`; the fields that are shown. */
interface Health {
  readonly status: string;
  readonly number_of_nodes: number;
  readonly unassigned_shards: number;
  readonly initializing_shards: number;
  readonly relocating_shards: number;
}

export interface Snapshot {
  readonly statefulSet: IStatefulSet | undefined;
  readonly pods: readonly IPod[];
  readonly claims: readonly IPersistentVolumeClaim[];
  readonly events: readonly IEvent[];
  /** Undefined where the user may not list them. */
  readonly storageClasses: readonly IStorageClass[] | undefined;
  /** Last lines of containers that have failed, by `pod/container`. */
  readonly logs: ReadonlyMap<string, string>;
  readonly health: Health | undefined;
}

export const containersOf = (pod: IPod): readonly IContainerStatus[] => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

/** An init container that goes on beside the others, and is not done before they start. */
export const isSidecar = ({ restartPolicy }: IContainer): boolean => restartPolicy === 'Always';

/** How a container ended, if its last end was a failure. */
export const failureOf = (container: IContainerStatus) =>
  [container.state?.terminated, container.lastState?.terminated].find((end) => end !== undefined && end.exitCode !== 0);

export const isReady = (pod: IPod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const logsOf = async (namespace: string, pods: readonly IPod[]): Promise<Map<string, string>> => {
  const logs = new Map<string, string>();
  for (const pod of pods)
    for (const container of containersOf(pod)) {
      if (isReady(pod) || failureOf(container) === undefined) continue;
      const name = pod.metadata?.name ?? '';
      const previous = container.state?.terminated === undefined ? ['--previous'] : [];
      const log = await kubectl(['-n', namespace, 'logs', name, '-c', container.name, '--tail=100', ...previous]);
      logs.set(`${name}/${container.name}`, lastWords(log.stdout));
    }
  return logs;
};

const healthOf = async (namespace: string, pods: readonly IPod[]): Promise<Health | undefined> => {
  const ready = pods.find(isReady);
  if (ready === undefined) return undefined;
  const answer = await kubectl(
    [
      '-n',
      namespace,
      'exec',
      ready.metadata?.name ?? '',
      '-c',
      'elasticsearch',
      '--',
      'curl',
      '-sf',
      '--unix-socket',
      '/run/agent/agent.sock',
      'http://agent/health',
    ],
    { seconds: 20 },
  );
  try {
    return answer.code === 0 ? (JSON.parse(answer.stdout) as Health) : undefined;
  } catch {
    return undefined; // A node that just goes away may answer half a document; the next look tells.
  }
};

export const takeSnapshot = async (target: Target): Promise<Snapshot> => {
  const { namespace, statefulSet } = target;
  type Item = IStatefulSet | IPod | IPersistentVolumeClaim | IEvent;
  const kinds = 'statefulsets,pods,persistentvolumeclaims,events';
  const [{ items }, storageClasses] = await Promise.all([
    getJson<List<Item>>(['-n', namespace, kinds]),
    ifAllowed(getJson<List<IStorageClass>>(['storageclasses'])),
  ]);
  const pods = items.filter((item): item is IPod => item.kind === 'Pod').filter(isOurs(target));
  const nodes = pods.filter((pod) => pod.metadata?.labels?.['app.kubernetes.io/name'] === 'elasticsearch');
  const [logs, health] = await Promise.all([logsOf(namespace, pods), healthOf(namespace, nodes)]);
  return {
    statefulSet: items
      .filter((item): item is IStatefulSet => item.kind === 'StatefulSet')
      .find((item) => item.metadata?.name === statefulSet.metadata.name),
    pods,
    claims: items.filter((item): item is IPersistentVolumeClaim => item.kind === 'PersistentVolumeClaim'),
    events: items.filter((item): item is IEvent => item.kind === 'Event'),
    storageClasses: storageClasses?.items,
    logs,
    health,
  };
};
