// Are all pods there, placed, and of the revision that the StatefulSet has now?

import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { isReady } from '../cluster/snapshot.ts';
import { no, notKnown, unless, type Verdict, yes } from './verdict.ts';

const nameOf = ({ metadata }: IPod): string => metadata?.name ?? '?';

const PLACED = 'no pod is pending';

/** Of all workloads of the overlay; `causes` is what Kubernetes says of why. */
export const placedVerdict = (pods: readonly IPod[], causes: readonly string[]): Verdict => {
  const pending = pods.filter(({ status }) => status?.phase === 'Pending').map(nameOf);
  const why = causes.length === 0 ? '' : ` (${causes.join('; ').replaceAll('\n', ' ')})`;
  return unless(PLACED, pending.length === 0 ? [] : [`${pending.join(', ')}${why}`], `${pods.length} pods are placed`);
};

const READY = 'every pod of Elasticsearch is ready';

export const readyVerdict = (pods: readonly IPod[], wanted: readonly string[]): Verdict => {
  const of = (pod: string): string | undefined => {
    const found = pods.find((one) => nameOf(one) === pod);
    if (found === undefined) return `${pod} is not there`;
    if (found.metadata?.deletionTimestamp !== undefined) return `${pod} is ending`;
    return isReady(found) ? undefined : `${pod} is not ready`;
  };
  const more = pods.map(nameOf).filter((pod) => !wanted.includes(pod));
  return unless(
    READY,
    [...wanted.flatMap((pod) => of(pod) ?? []), ...more.map((pod) => `${pod} is there and not wanted`)],
    `${wanted.length} of ${wanted.length}`,
  );
};

const REVISION = 'all pods are of one revision';
const LABEL = 'controller-revision-hash';

export const revisionVerdict = ({ metadata, status }: IStatefulSet, pods: readonly IPod[]): Verdict => {
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0))
    return notKnown(REVISION, 'the controller has not seen the last change of the StatefulSet yet');
  const wanted = status?.updateRevision;
  if (wanted === undefined) return notKnown(REVISION, 'the StatefulSet has no status.updateRevision');
  const others = pods.filter((pod) => pod.metadata?.labels?.[LABEL] !== wanted).map(nameOf);
  return others.length === 0
    ? yes(REVISION, wanted)
    : no(REVISION, `${others.join(', ')} not yet of ${wanted}: a roll-out goes on, or waits`);
};

const ROLLED = 'a new version would reach every pod';

export const rolledVerdict = ({ spec }: IStatefulSet): Verdict => {
  const { type = 'RollingUpdate', rollingUpdate } = spec?.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return no(ROLLED, `updateStrategy is ${type}: none gets it by itself`);
  const partition = rollingUpdate?.partition ?? 0;
  return partition > 0
    ? no(ROLLED, `updateStrategy has partition ${partition}: pods below it would keep the old one`)
    : yes(ROLLED, 'one after the other');
};
