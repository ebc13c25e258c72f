// What an erasing pod is at, as the API server tells it.
import type { IContainerStatus, IPod } from 'kubernetes-models/v1';

export const CONTAINER = 'erase';

export type Standing =
  /** Waits for the id, or erases. */
  | { readonly is: 'running'; readonly pod: string }
  | { readonly is: 'ended'; readonly pod: string; readonly code: number; readonly why: string }
  /** Not yet, and why. */
  | { readonly is: 'coming'; readonly why: string }
  | { readonly is: 'none' };

const words = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(': ');

const whyNot = ({ status }: IPod, container: IContainerStatus | undefined): string => {
  const waiting = container?.state?.waiting;
  if (waiting !== undefined) return words(waiting.reason, waiting.message);
  const refused = status?.conditions?.find(({ status: holds, message }) => holds === 'False' && message !== undefined);
  return words(refused?.reason, refused?.message) || words(status?.phase, status?.reason, status?.message);
};

/** Of the pods of one Job: there is at most one, as it is never tried again. */
export const standingOf = (pods: readonly IPod[]): Standing => {
  const [pod] = pods;
  if (pod === undefined) return { is: 'none' };
  const name = pod.metadata?.name ?? '';
  const container = pod.status?.containerStatuses?.find((status) => status.name === CONTAINER);
  const { running, terminated } = container?.state ?? {};
  if (terminated !== undefined)
    return {
      is: 'ended',
      pod: name,
      code: terminated.exitCode,
      why: words(terminated.reason, terminated.message),
    };
  // Ended before its container began: evicted, or its time was over.
  if (pod.status?.phase === 'Failed')
    return { is: 'ended', pod: name, code: 1, why: words(pod.status.reason, pod.status.message) };
  return running === undefined ? { is: 'coming', why: whyNot(pod, container) } : { is: 'running', pod: name };
};
