// One erasure: a Job of the CronJob that the overlay has as a template. It is removed at the end, however that comes,
// and with it the pod that has the login.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { IEvent, IPod } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { getJson, kubectl, type List } from '../cluster/kubectl.ts';
import { proofIn, wordsIn } from './log.ts';
import { CONTAINER, type Standing, standingOf } from './pod.ts';

const TEMPLATE = 'reviews-erase';
const POLL_MILLISECONDS = 1000;
/** More than the Job's own deadline, which ends the pod and so the connection to it. */
const LONGEST_SECONDS = 1200;
/** From the end of the connection to what the API server says of the container's end. */
const END_SECONDS = 30;

export interface Erasure {
  readonly namespace: string;
  readonly customer: string;
  /** How long the pod may take to start. */
  readonly startSeconds: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const jobName = (): string => `${TEMPLATE}-${Date.now().toString(36)}-${randomBytes(2).toString('hex')}`;

const look = async (namespace: string, job: string): Promise<Standing> => {
  const labels = `batch.kubernetes.io/job-name=${job}`;
  return standingOf((await getJson<List<IPod>>(['-n', namespace, 'pods', '-l', labels])).items);
};

/** Why a Job has made no pod: a quota, or what admission refuses. Nothing where events may not be read. */
const lastEvent = async (namespace: string, job: string): Promise<string> => {
  const args = ['-n', namespace, 'events', `--field-selector=involvedObject.name=${job}`];
  const events = await getJson<List<IEvent>>(args).catch(() => ({ items: [] }));
  return events.items.at(-1)?.message ?? '';
};

const create = async (namespace: string, job: string): Promise<void> => {
  const done = await kubectl(['-n', namespace, 'create', 'job', job, `--from=cronjob/${TEMPLATE}`]);
  if (done.code === 0) return;
  const why = done.stderr.trim();
  throw new UserError(
    `nothing was erased: no Job can be made of CronJob ${TEMPLATE}, which a deploy of the overlay brings: ${why}`,
  );
};

/** The pod's name. */
const started = async ({ namespace, startSeconds, say, signal }: Erasure, job: string): Promise<string> => {
  const end = Date.now() + startSeconds * 1000;
  let told = '';
  for (;;) {
    const standing = await look(namespace, job);
    if (standing.is === 'running') return standing.pod;
    if (standing.is === 'ended') throw await failed(namespace, standing);
    const why = standing.is === 'coming' ? standing.why : await lastEvent(namespace, job);
    if (why !== told && why !== '') say(`waits for its pod: ${why}`);
    told = why;
    if (Date.now() > end)
      throw new UserError(`the pod of Job ${job} does not run after ${startSeconds} s: ${told || 'there is none'}`);
    await wait(POLL_MILLISECONDS, undefined, { signal });
  }
};

const logOf = async (namespace: string, pod: string): Promise<string> =>
  (await kubectl(['-n', namespace, 'logs', pod, '-c', CONTAINER])).stdout;

const failed = async (
  namespace: string,
  { pod, code, why }: Extract<Standing, { is: 'ended' }>,
): Promise<UserError> => {
  const said = wordsIn(await logOf(namespace, pod)) || why || 'it said nothing';
  return new UserError(`the erasure failed with exit code ${code}; it may be started again:\n${said}`);
};

/** The standing once the program has ended, or the last one. */
const ended = async ({ namespace, signal }: Erasure, job: string): Promise<Standing> => {
  const end = Date.now() + END_SECONDS * 1000;
  for (;;) {
    const standing = await look(namespace, job);
    if (standing.is === 'ended' || standing.is === 'none' || Date.now() > end) return standing;
    await wait(POLL_MILLISECONDS, undefined, { signal });
  }
};

/** With its pod: it waits until that is gone, too. Whether it is. */
const remove = async ({ namespace, say }: Erasure, job: string): Promise<boolean> => {
  const args = ['-n', namespace, 'delete', 'job', job, '--ignore-not-found', '--cascade=foreground', '--timeout=60s'];
  const done = await kubectl(args, { seconds: 90 });
  if (done.code === 0) return true;
  say(
    `Error: Job ${job} is not gone; until it is, or its time is over, its pod has the login of user erase: ` +
      `kubectl -n ${namespace} delete job ${job}\n${done.stderr.trim()}`,
  );
  return false;
};

const proofOf = async (erasure: Erasure, job: string): Promise<string> => {
  const { namespace, customer, say, signal } = erasure;
  await create(namespace, job);
  const pod = await started(erasure, job);
  say('erases');
  const attach = ['-n', namespace, 'attach', pod, '-c', CONTAINER, '-i', '-q'];
  const handed = await kubectl(attach, { input: `${customer}\n`, seconds: LONGEST_SECONDS, signal });
  signal.throwIfAborted();
  // A connection that broke says nothing: the program may have got the id, and has come to its end.
  const standing = await ended(erasure, job);
  if (standing.is === 'ended' && standing.code === 0) {
    const said = proofIn(await logOf(namespace, pod));
    if (said !== undefined) return said;
    throw new UserError('the erasure ended well, but what it said cannot be read: start it again for a proof');
  }
  if (standing.is === 'ended') throw await failed(namespace, standing);
  const why = handed.code === 0 ? 'its pod is gone, or still runs' : handed.stderr.trim();
  throw new UserError(`nothing proves that all is erased, so start it again: ${why}`);
};

export interface Erased {
  /** What the program says at its end. */
  readonly proof: string;
  /** Nothing of the erasure is left in the cluster. */
  readonly isGone: boolean;
}

/** Throws where there is no proof; the Job is removed in both cases. */
export const erase = async (erasure: Erasure): Promise<Erased> => {
  const job = jobName();
  const outcome = await proofOf(erasure, job).then(
    (proof) => ({ proof }),
    (error: unknown) => ({
      error: erasure.signal.aborted
        ? new UserError('stopped: nothing proves that all is erased, so start it again')
        : error,
    }),
  );
  // Also where it could not be made, by an answer that may not have been the API server's last word.
  const isGone = await remove(erasure, job);
  if ('error' in outcome) throw outcome.error;
  return { proof: outcome.proof, isGone };
};
