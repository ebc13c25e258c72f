// The program that takes snapshots, in the cluster: it is asked through its own socket, by a command in its pod, so
// that no login is on this machine.
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { UserError } from '../cli.ts';
import { kubectl } from '../cluster/kubectl.ts';
import type { KubernetesObject } from '../objects.ts';
import { count, fields, flag, list, parsed, text } from '../shape.ts';

const NAME = 'elasticsearch-snapshots';
const CALL = ['node', '/opt/components/snapshots/program/call.ts'];
/** More than its own bounds of one restore. */
const LONGEST_SECONDS = 6 * 3600;

const isProgram = ({ kind, metadata }: KubernetesObject): boolean =>
  kind === 'Deployment' && metadata.labels?.['app.kubernetes.io/name'] === NAME;

export interface Program {
  /** As it is rendered: a prefix of the overlay is in it. */
  readonly name: string;
  /** After this many days a snapshot is deleted, as long as newer ones are good. */
  readonly keepDays: number;
}

export const snapshotsIn = (objects: readonly KubernetesObject[]): Program | undefined => {
  const found = objects.find(isProgram);
  if (found === undefined) return undefined;
  const { spec } = found as KubernetesObject & IDeployment;
  const variables = spec?.template.spec?.containers.flatMap(({ env = [] }) => env) ?? [];
  const days = Number(variables.find(({ name }) => name === 'KEEP_DAYS')?.value);
  if (!Number.isInteger(days)) throw new UserError(`Deployment ${found.metadata.name} must have KEEP_DAYS`);
  return { name: found.metadata.name, keepDays: days };
};

export const programOf = (objects: readonly KubernetesObject[]): Program => {
  const program = snapshotsIn(objects);
  if (program !== undefined) return program;
  throw new UserError(
    'the overlay takes no snapshots: it must list components/snapshots-fs or components/snapshots-s3',
  );
};

/** The last word of an answer. UserError where it is none, or a bad one. */
export const lastWord = (said: string): Readonly<Record<string, unknown>> => {
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  if (last.startsWith('FAILED ')) throw new UserError(last.slice('FAILED '.length));
  if (!last.startsWith('OK ')) throw new UserError('the answer broke off; what goes on is in the log of the pod');
  return fields(parsed(last.slice('OK '.length), 'the answer'), 'of the program');
};

export interface Restored {
  readonly snapshot: string;
  readonly reviews: number;
  readonly months: number;
  /** Whether there was a record to hold it against, and what was not as it says: more than none only with FORCE. */
  readonly recorded: boolean;
  readonly wrong: readonly string[];
}

export const restoredIn = (answer: Readonly<Record<string, unknown>>): Restored => ({
  snapshot: text(answer['snapshot'], 'snapshot'),
  reviews: count(answer['reviews'], 'reviews'),
  months: count(answer['months'], 'months'),
  recorded: flag(answer['recorded'], 'recorded'),
  wrong: list(answer['wrong'], 'wrong').map((one) => text(one, 'wrong')),
});

/** What is said of it; never more than was shown. */
export const restoredText = ({ snapshot, reviews, months, recorded, wrong }: Restored): string => {
  const back = `${reviews} reviews of ${months} months of ${snapshot} are back`;
  if (!recorded) return `${back}. How many there should be is not known: its record could not be read`;
  return wrong.length === 0 ? `${back}, as recorded in it` : `${back}, NOT as recorded in it: ${wrong.join('; ')}`;
};

/** Shows what the program says meanwhile. */
export const askProgram = async (
  namespace: string,
  { name }: Program,
  words: readonly string[],
): Promise<Readonly<Record<string, unknown>>> => {
  const args = ['-n', namespace, 'exec', `deployment/${name}`, '-c', 'snapshots', '--', ...CALL, ...words];
  const done = await kubectl(args, { show: true, seconds: LONGEST_SECONDS });
  if (done.code === 0 || /^(OK|FAILED) /m.test(done.stdout)) return lastWord(done.stdout);
  throw new UserError(`Deployment ${name} cannot be asked: ${done.stderr.trim() || done.stdout.trim()}`);
};
