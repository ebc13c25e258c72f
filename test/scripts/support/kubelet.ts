// The part of a kubelet that an erasure waits for: it says of each pod of a namespace that its container runs.
import type { IPod } from 'kubernetes-models/v1';
import { kubectl, must } from './kubectl.ts';

export interface Kubelet {
  /** What the API server had when each pod had begun. */
  readonly seen: readonly string[];
  readonly stop: () => void;
}

/** `ns`: arguments of kubectl that name namespace and administrator. */
export const playKubelet = (ns: readonly string[], container: string): Kubelet => {
  const seen: string[] = [];
  const began = new Set<string>();
  const state = { running: { startedAt: '2026-11-01T00:00:00Z' } };
  const containerStatuses = [{ name: container, ready: true, restartCount: 0, image: 'i', imageID: 'i', state }];
  const status = JSON.stringify({ status: { phase: 'Running', containerStatuses } });
  const look = async (): Promise<void> => {
    const { items } = JSON.parse(await must([...ns, 'get', 'pods', '-o', 'json'])) as { items: IPod[] };
    for (const { metadata } of items) {
      const name = metadata?.name ?? '';
      if (began.has(name)) continue;
      began.add(name);
      await kubectl([...ns, 'patch', 'pod', name, '--subresource=status', '--type=merge', '-p', status]);
      seen.push(await must([...ns, 'get', 'jobs,pods,events', '-o', 'yaml']));
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), 500);
  return { seen, stop: () => clearInterval(timer) };
};
