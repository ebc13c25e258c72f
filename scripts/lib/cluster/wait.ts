// Waiting for green with visible progress: a line whenever something changes, and each obstacle as soon as it lasts.

import type { IPod } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { causeText, diagnose } from './diagnose.ts';
import { containersOf, isReady, isSidecar, type Snapshot, takeSnapshot } from './snapshot.ts';
import { isNode, type Target } from './target.ts';

/** A cause that goes away by itself within this time is not worth a line. */
const graceSeconds = 15;
const pauseSeconds = 2;

/** Green: the roll-out is over, every pod is ready, and Elasticsearch counts as many nodes and says green. */
export const isGreen = ({ statefulSet, health }: Snapshot, { replicas }: Target): boolean => {
  const status = statefulSet?.status;
  return (
    status !== undefined &&
    (status.observedGeneration ?? 0) >= (statefulSet?.metadata?.generation ?? 0) &&
    (status.readyReplicas ?? 0) === replicas &&
    (status.updatedReplicas ?? 0) === replicas &&
    health?.status === 'green' &&
    health.number_of_nodes === replicas
  );
};

const stateOf = (pod: IPod): string => {
  if (pod.metadata?.deletionTimestamp !== undefined) return 'leaving';
  if (isReady(pod)) return 'ready';
  // A sidecar that runs holds nothing up: the containers behind it have been started.
  const sidecars = new Set(pod.spec?.initContainers?.filter(isSidecar).map(({ name }) => name));
  const busy = containersOf(pod).find(
    ({ name, state }) => state?.terminated?.exitCode !== 0 && !(sidecars.has(name) && state?.running !== undefined),
  );
  if (busy?.state?.waiting !== undefined) return busy.state.waiting.reason ?? 'waiting';
  return busy?.state?.running === undefined ? (pod.status?.phase ?? '?').toLowerCase() : `${busy.name} runs`;
};

export const progressLine = (snapshot: Snapshot, target: Target): string => {
  const nodes = snapshot.pods.filter(isNode(target));
  const { health } = snapshot;
  return [
    `ready ${nodes.filter(isReady).length}/${target.replicas}`,
    ...nodes.map((pod) => `${pod.metadata?.name ?? '?'} ${stateOf(pod)}`),
    health === undefined
      ? 'no cluster yet'
      : `cluster ${health.status}, ${health.number_of_nodes} node${health.number_of_nodes === 1 ? '' : 's'}` +
        (health.status === 'green'
          ? ''
          : `, ${health.unassigned_shards + health.initializing_shards} shards to recover`),
  ].join(' · ');
};

export interface WaitOptions {
  readonly seconds: number;
  readonly say: (line: string) => void;
}

export const waitForGreen = async (target: Target, { seconds, say }: WaitOptions): Promise<Snapshot> => {
  const start = Date.now();
  const elapsed = (): number => Math.round((Date.now() - start) / 1000);
  const firstSeen = new Map<string, number>();
  const said = new Set<string>();
  let lastLine = '';
  const pause = () => new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
  for (;;) {
    const snapshot = await takeSnapshot(target).catch((error: unknown) => {
      if (!(error instanceof UserError) || elapsed() >= seconds) throw error;
      return error; // The API server itself may be away for a moment.
    });
    if (snapshot instanceof UserError) {
      say(`         ! ${snapshot.message}`);
      await pause();
      continue;
    }
    const line = progressLine(snapshot, target);
    if (line !== lastLine) say(`[${String(elapsed()).padStart(4)} s] ${line}`);
    lastLine = line;
    if (isGreen(snapshot, target)) return snapshot;

    const causes = diagnose(snapshot);
    const current = new Set(causes.map(({ says }) => says));
    for (const says of firstSeen.keys()) if (!current.has(says)) firstSeen.delete(says);
    for (const cause of causes) {
      const since = firstSeen.get(cause.says) ?? elapsed();
      firstSeen.set(cause.says, since);
      if (elapsed() - since < graceSeconds || said.has(cause.says)) continue;
      said.add(cause.says);
      say(`         ! ${causeText(cause)}`);
    }
    if (elapsed() >= seconds) {
      const why = causes.length > 0 ? causes.map(causeText) : [`no cause was found from outside; last state: ${line}`];
      throw new UserError(`the cluster is not green after ${elapsed()} s:\n- ${why.join('\n- ')}`);
    }
    await pause();
  }
};
