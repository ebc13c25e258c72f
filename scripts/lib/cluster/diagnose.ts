// Why a deployment does not go on, in the user's words; a pure reading of one look at the namespace.
import type { IContainerStatus, IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { containersOf, failureOf, isReady, type Snapshot } from './snapshot.ts';

export const defaultClass = 'storageclass.kubernetes.io/is-default-class';

/** One cause, and everything that it holds up. */
export interface Cause {
  readonly who: readonly string[];
  readonly says: string;
}

const nameOf = (object: { metadata?: { name?: string } }): string => object.metadata?.name ?? '?';

/** An event of this very object: the next pod of a StatefulSet has the same name, but is not the same. */
const lastEvent = (
  { events }: Snapshot,
  object: { metadata?: { name?: string; uid?: string } },
  reason: string,
): string | undefined =>
  events.findLast(
    ({ involvedObject, reason: found }) =>
      found === reason &&
      involvedObject.name === object.metadata?.name &&
      (involvedObject.uid === undefined || involvedObject.uid === object.metadata?.uid),
  )?.message;

const one = (who: string, says: string): Cause[] => [{ who: [who], says }];

const scheduling = (pod: IPod): Cause[] => {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status !== 'False' || condition.reason === 'SchedulingGated') return [];
  return one(`Pod ${nameOf(pod)}`, `can't be scheduled: ${condition.message ?? condition.reason ?? 'no reason given'}`);
};

const claimsOf = (pod: IPod): string[] =>
  (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

const storage = (claim: IPersistentVolumeClaim, snapshot: Snapshot): Cause[] => {
  const { storageClasses } = snapshot;
  if (claim.status?.phase !== 'Pending' || storageClasses === undefined) return [];
  const who = `Claim ${nameOf(claim)}`;
  const wanted = claim.spec?.storageClassName;
  const known = storageClasses.map(nameOf).join(', ') || 'none';
  if (wanted === undefined || wanted === '') {
    const byDefault = storageClasses.some(({ metadata }) => metadata?.annotations?.[defaultClass] === 'true');
    if (byDefault) return [];
    return one(
      who,
      `no storage class is named and the cluster has no default one (classes: ${known}). ` +
        `Mark one with the annotation ${defaultClass}: "true"`,
    );
  }
  const storageClass = storageClasses.find((object) => nameOf(object) === wanted);
  if (storageClass === undefined) return one(who, `the cluster has no storage class "${wanted}" (classes: ${known})`);
  const failed = lastEvent(snapshot, claim, 'ProvisioningFailed');
  return failed === undefined ? [] : one(who, failed);
};

const imageReasons = new Set(['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull']);

/** Why an image is missing, without what differs from try to try: the same cause in two pods is one. */
const pullFailure = (message: string): string =>
  message.replace(/^.*ErrImagePull: /, '').replace(/ ?(?:\d{1,3}\.){3}\d{1,3}:\d+->/g, ' ');

const container = (pod: IPod, status: IContainerStatus, snapshot: Snapshot): Cause[] => {
  const where = `Pod ${nameOf(pod)}, container ${status.name}`;
  const waiting = status.state?.waiting;
  if (imageReasons.has(waiting?.reason ?? ''))
    return one(
      where,
      `the image ${status.image} can't be pulled: ${pullFailure(waiting?.message ?? waiting?.reason ?? '')}`,
    );
  if (waiting?.reason === 'CreateContainerConfigError')
    return one(
      where,
      `waits for its configuration: ${waiting.message ?? ''}. Secrets are made by the credentials Deployment`,
    );
  const end = failureOf(status);
  if (end === undefined || isReady(pod)) return [];
  const said = snapshot.logs.get(`${nameOf(pod)}/${status.name}`) || end.message?.trim() || 'no output';
  const how = end.reason === 'OOMKilled' ? 'was killed: out of memory' : `ended with exit code ${end.exitCode}`;
  const kernel =
    said.includes('vm.max_map_count') && !said.includes('sysctl -w')
      ? '\n  Set it on every node: sysctl -w vm.max_map_count=1048576'
      : '';
  return one(where, `${how}:\n  ${said.split('\n').join('\n  ')}${kernel}`);
};

const mounts = (pod: IPod, snapshot: Snapshot): Cause[] => {
  const starts = containersOf(pod).some(({ state }) =>
    ['ContainerCreating', 'PodInitializing'].includes(state?.waiting?.reason ?? ''),
  );
  const begun = containersOf(pod).some(({ state }) => state?.running !== undefined || state?.terminated !== undefined);
  const failed = lastEvent(snapshot, pod, 'FailedMount');
  if (!starts || begun || failed === undefined) return [];
  const missing = /secret "([^"]+)" not found/.exec(failed)?.[1];
  const says =
    missing === undefined
      ? `can't mount a volume: ${failed}`
      : `waits for the Secret ${missing}, which the credentials Deployment makes`;
  return one(`Pod ${nameOf(pod)}`, says);
};

/** Refusals of the pod itself: Pod Security, quotas, webhooks. They show only as events of the owner. */
const refusals = ({ events, pods, statefulSet }: Snapshot): Cause[] => {
  const wanted = statefulSet?.spec?.replicas ?? 1;
  const nodes = pods.filter((pod) => nameOf(pod).startsWith(`${nameOf(statefulSet ?? {})}-`)).length;
  return events
    .filter(({ reason, type }) => reason === 'FailedCreate' && type === 'Warning')
    .filter(({ involvedObject }) =>
      involvedObject.kind === 'StatefulSet'
        ? involvedObject.name === statefulSet?.metadata?.name && nodes < wanted
        : !pods.some((pod) => nameOf(pod).startsWith(`${involvedObject.name ?? ''}-`)),
    )
    .flatMap(({ involvedObject, message }) =>
      one(`${involvedObject.kind ?? '?'} ${involvedObject.name ?? '?'}`, `can't make its pods: ${message ?? ''}`),
    );
};

/** Causes in the order in which a user would look, each with everything that it holds up. */
export const diagnose = (snapshot: Snapshot): Cause[] => {
  const used = new Set(snapshot.pods.flatMap(claimsOf));
  const single = [
    ...refusals(snapshot),
    ...snapshot.claims.filter((claim) => used.has(nameOf(claim))).flatMap((claim) => storage(claim, snapshot)),
    ...snapshot.pods.flatMap((pod) => [
      ...scheduling(pod),
      ...mounts(pod, snapshot),
      ...containersOf(pod).flatMap((status) => container(pod, status, snapshot)),
    ]),
  ];
  const bySaying = new Map<string, Set<string>>();
  for (const { who, says } of single) bySaying.set(says, new Set([...(bySaying.get(says) ?? []), ...who]));
  return [...bySaying].map(([says, who]) => ({ says, who: [...who] }));
};

export const causeText = ({ who, says }: Cause): string => `${who.join(', ')}: ${says}`;
