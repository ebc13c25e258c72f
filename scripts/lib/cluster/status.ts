// One look at all nodes: what Kubernetes says of each pod, and what its agent says.

import type { IPod } from 'kubernetes-models/v1';
import { type AskedAgent, askAgent } from './agent-status.ts';
import { causeText, diagnose } from './diagnose.ts';
import { isReady, type Snapshot, takeSnapshot } from './snapshot.ts';
import { isNode, type Target } from './target.ts';

export interface NodeStatus {
  readonly pod: string;
  /** undefined: it is on none yet. */
  readonly kubernetesNode: string | undefined;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly asked: AskedAgent;
}

export interface ClusterStatus {
  readonly namespace: string;
  readonly statefulSet: string;
  /** Pods that the StatefulSet is to have now, whatever the overlay says; undefined where there is none. */
  readonly wanted: readonly string[] | undefined;
  /** In the order of their ordinals. */
  readonly nodes: readonly NodeStatus[];
  readonly health: Snapshot['health'];
  /** What holds pods up, as Kubernetes tells it. */
  readonly causes: readonly string[];
}

const ordinal = (pod: string): number => Number(pod.slice(pod.lastIndexOf('-') + 1));

export const wantedPods = ({ statefulSet }: Snapshot): readonly string[] | undefined => {
  if (statefulSet === undefined) return undefined;
  const first = statefulSet.spec?.ordinals?.start ?? 0;
  return Array.from(
    { length: statefulSet.spec?.replicas ?? 1 },
    (_, i) => `${statefulSet.metadata?.name ?? '?'}-${first + i}`,
  );
};

const nodeStatus = async (namespace: string, pod: IPod): Promise<NodeStatus> => ({
  pod: pod.metadata?.name ?? '?',
  kubernetesNode: pod.spec?.nodeName,
  ready: isReady(pod),
  terminating: pod.metadata?.deletionTimestamp !== undefined,
  asked: await askAgent(namespace, pod),
});

/** Throws UserError where the namespace itself can't be looked at. */
export const lookAtStatus = async (target: Target): Promise<ClusterStatus> => {
  const snapshot = await takeSnapshot(target);
  const pods = snapshot.pods.filter(isNode(target));
  const nodes = await Promise.all(pods.map((pod) => nodeStatus(target.namespace, pod)));
  return {
    namespace: target.namespace,
    statefulSet: target.statefulSet.metadata.name,
    wanted: wantedPods(snapshot),
    nodes: nodes.sort((a, b) => ordinal(a.pod) - ordinal(b.pod)),
    health: snapshot.health,
    causes: diagnose(snapshot).map(causeText),
  };
};
