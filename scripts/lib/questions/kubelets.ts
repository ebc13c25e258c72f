// What does a Kubernetes node grant a pod when its machine shuts down? The pod asks for 95 minutes and needs
// SHUTDOWN_SECONDS; a kubelet that ends an orderly shutdown sooner kills Elasticsearch in the middle of its own.
// https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/

import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { fields, list, NotUnderstood, text } from '../shape.ts';
import { everyOne, type Known } from './known.ts';
import { notKnown, unless, type Verdict } from './verdict.ts';

/** Seconds for pods of ordinary priority; 0: the kubelet takes no part in a shutdown. */
export type Granted = ReadonlyMap<string, Known<number>>;

const KUBELETS = 'no kubelet ends an orderly shutdown before Elasticsearch has ended';

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Go's form of a duration: 1h30m0s. */
const secondsOf = (duration: unknown, at: string): number => {
  const whole = duration === undefined ? '0s' : text(duration, at);
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|us|µs|ns|m|s))+$|^0$/.test(whole)) throw new NotUnderstood(`${at} is "${whole}"`);
  return [...whole.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );
};

/** Of /configz. Where grants are by priority the least of them counts: the pod's is the overlay's affair. */
export const grantedBy = (configz: unknown): number => {
  const config = fields(fields(configz, 'configz')['kubeletconfig'], 'kubeletconfig');
  const byPriority = config['shutdownGracePeriodByPodPriority'];
  if (byPriority !== undefined && list(byPriority, 'shutdownGracePeriodByPodPriority').length > 0)
    return Math.min(
      ...list(byPriority, 'shutdownGracePeriodByPodPriority').map((one) => {
        const seconds = fields(one, 'priority')['shutdownGracePeriodSeconds'];
        if (typeof seconds !== 'number') throw new NotUnderstood('a priority has no shutdownGracePeriodSeconds');
        return seconds;
      }),
    );
  const all = secondsOf(config['shutdownGracePeriod'], 'shutdownGracePeriod');
  return all - secondsOf(config['shutdownGracePeriodCriticalPods'], 'shutdownGracePeriodCriticalPods');
};

/** SHUTDOWN_SECONDS of the agent, as the overlay has it. */
export const neededSeconds = ({ spec }: IStatefulSet): number | undefined => {
  const value = (spec?.template.spec?.initContainers ?? [])
    .flatMap(({ env }) => env ?? [])
    .find(({ name }) => name === 'SHUTDOWN_SECONDS')?.value;
  return /^\d+$/.test(value ?? '') ? Number(value) : undefined;
};

export const kubeletsVerdict = (granted: Granted, needed: number | undefined): Verdict => {
  if (needed === undefined) return notKnown(KUBELETS, 'the overlay says no SHUTDOWN_SECONDS');
  const seconds = everyOne(granted);
  if (!seconds.known) return notKnown(KUBELETS, seconds.why);
  const short = [...seconds.value].filter(([, of]) => of > 0 && of < needed);
  const none = [...seconds.value].filter(([, of]) => of === 0).map(([node]) => node);
  return unless(
    KUBELETS,
    short.map(([node, of]) => `${node} grants ${of} s, and Elasticsearch may need ${needed} s`),
    none.length === 0
      ? `each grants ${needed} s and more`
      : `${none.join(', ')} grant nothing and so promise nothing: drain a node before its machine is shut down`,
  );
};
