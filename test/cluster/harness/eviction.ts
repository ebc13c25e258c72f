// Evictions as `kubectl drain` asks for them: may this pod go now?
import { health } from './es.ts';
import { kubectl, pod } from './kube.ts';
import { pause } from './say.ts';

/** The answer, without the deed. */
const mayEvict = async (namespace: string, name: string): Promise<string> => {
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { dryRun: ['All'] },
  };
  const done = await kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], {
    input: JSON.stringify(eviction),
  });
  return done.code === 0 ? 'yes' : done.stderr;
};

export const expectRefused = async (namespace: string, name: string): Promise<void> => {
  const answer = await mayEvict(namespace, name);
  if (!answer.includes("would violate the pod's disruption budget"))
    throw new Error(`${name} may be evicted while another node is away: ${answer.trim()}`);
};

export interface Refusals {
  readonly refused: number;
  /** Of these, while all nodes were there, but not all data was back. */
  readonly whileRecovering: number;
}

/** Asks until the eviction is allowed, which it must not be before the cluster is green again. */
export const refusedUntilBack = async (
  namespace: string,
  away: string,
  next: string,
  seconds = 300,
): Promise<Refusals> => {
  const end = Date.now() + seconds * 1000;
  for (let refused = 0, whileRecovering = 0; ; refused += 1) {
    const answer = await mayEvict(namespace, next);
    const { status, number_of_nodes: nodes } = await health(namespace);
    if (answer === 'yes') {
      // It may have turned ready a moment ago, and then this is right.
      if (!(await pod(namespace, away)).ready || status !== 'green')
        throw new Error(`${next} may be evicted before ${away} is back: the cluster is ${status} with ${nodes} nodes`);
      return { refused, whileRecovering };
    }
    if (nodes === 3 && status !== 'green') whileRecovering += 1;
    if (Date.now() > end) throw new Error(`evicting ${next} is still refused after ${seconds} s: ${answer.trim()}`);
    await pause(0.5);
  }
};
