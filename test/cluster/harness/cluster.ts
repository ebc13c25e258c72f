// The cluster under test in its namespace: put there, waited for, looked at, taken away.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { fieldManager } from '../../../scripts/lib/cluster/apply.ts';
import { causeText, diagnose } from '../../../scripts/lib/cluster/diagnose.ts';
import { takeSnapshot } from '../../../scripts/lib/cluster/snapshot.ts';
import { targetOf } from '../../../scripts/lib/cluster/target.ts';
import { type Health, health } from './es.ts';
import { elasticsearchPods, k, maybe, type Pod } from './kube.ts';
import { renderVariant, type Variant } from './render.ts';
import { pause, say, secondsSince } from './say.ts';

export const namespaceOf = ({ overlay }: Variant): string => (overlay === 'prod' ? 'reviews' : 'reviews-dev');

export const statefulSet = (namespace: string): Promise<IStatefulSet | undefined> =>
  maybe<IStatefulSet>(['-n', namespace, 'statefulset', 'elasticsearch']);

export const applyText = async (text: string): Promise<void> => {
  // Forced, since scenarios change fields behind the overlay's back, and this takes them back.
  const args = ['apply', '--server-side', `--field-manager=${fieldManager}`, '--force-conflicts', '-f', '-'];
  await k(args, { input: text, seconds: 120 });
};

export const applyVariant = async (variant: Variant): Promise<void> => applyText((await renderVariant(variant)).text);

interface Look {
  readonly line: string;
  readonly green: boolean;
}

const state = ({ leaving, ready, phase }: Pod): string => (leaving ? 'leaving' : ready ? 'ready' : phase.toLowerCase());

const look = async (namespace: string): Promise<Look> => {
  const set = await statefulSet(namespace);
  const nodes = await elasticsearchPods(namespace);
  const known: Health | undefined = await health(namespace).catch(() => undefined);
  const wanted = set?.spec?.replicas ?? 0;
  const { observedGeneration = 0, updatedReplicas = 0 } = set?.status ?? {};
  const line = [
    ...nodes.map((pod) => `${pod.name} ${state(pod)}`),
    known === undefined
      ? 'no answer from a cluster'
      : `${known.status}, ${known.number_of_nodes} nodes, ` +
        `${known.unassigned_shards}/${known.initializing_shards}/${known.relocating_shards} shards ` +
        'unassigned/initializing/relocating',
  ].join(' · ');
  const rolledOut =
    set !== undefined && observedGeneration >= (set.metadata?.generation ?? 0) && updatedReplicas === wanted;
  const allReady = nodes.length === wanted && nodes.every(({ ready, leaving }) => ready && !leaving);
  return { line, green: rolledOut && allReady && known?.status === 'green' && known.number_of_nodes === wanted };
};

/**
 * Green: the roll-out is over, every wanted pod is ready, and Elasticsearch counts as many nodes. Gives up after
 * `seconds`, or when nothing has changed for `stalledSeconds`. Returns the seconds it took.
 */
export const untilGreen = async (variant: Variant, seconds: number, stalledSeconds = seconds): Promise<number> => {
  const namespace = namespaceOf(variant);
  const begin = Date.now();
  let changed = begin;
  let last = '';
  for (;;) {
    const { line, green } = await look(namespace).catch((error: unknown) => ({ line: String(error), green: false }));
    if (line !== last) {
      say(`  ${line}`);
      changed = Date.now();
    }
    last = line;
    if (green) return secondsSince(begin);
    if (secondsSince(begin) > seconds || secondsSince(changed) > stalledSeconds)
      throw new Error(
        `not green after ${Math.round(secondsSince(begin))} s: ${line}\n${(await causes(variant)).join('\n')}`,
      );
    await pause(2);
  }
};

const causes = async (variant: Variant): Promise<string[]> => {
  const { objects } = await renderVariant(variant);
  return takeSnapshot(targetOf(objects)).then(
    (snapshot) => diagnose(snapshot).map(causeText),
    (error: unknown) => [String(error)],
  );
};

/** Applies, and waits for green. */
export const deploy = async (variant: Variant, seconds = 420, stalledSeconds = seconds): Promise<number> => {
  await applyVariant(variant);
  return untilGreen(variant, seconds, stalledSeconds);
};

/** Everything of the namespace, data included; a StatefulSet that goes first spares its pods the waits of leaving. */
export const undeploy = async (namespace: string): Promise<void> => {
  const gone = ['--ignore-not-found', '--wait=true'];
  await k(
    ['-n', namespace, 'delete', 'statefulset', 'elasticsearch', '--cascade=foreground', '--timeout=180s', ...gone],
    { seconds: 200 },
  );
  await k(['delete', 'namespace', namespace, '--timeout=240s', ...gone], { seconds: 260 });
};

/** Which of the pods are not the same, or have restarted. New pods do not count. */
export const restartedSince = (before: readonly Pod[], after: readonly Pod[]): string[] =>
  before
    .filter((old) => {
      const now = after.find(({ name }) => name === old.name);
      return now !== undefined && (now.uid !== old.uid || now.restarts !== old.restarts);
    })
    .map(({ name }) => name);
