// Gives every user a new password, and the nodes and Kibana a new certificate, without an interruption:
// tsx scripts/rotate.ts OVERLAY
// The work is done by the credentials Deployment and goes on when this is stopped; started again, it goes on watching.
// REVOKE=1: old passwords end at once after the hand-over, and those of an earlier rotation now. AUTHORITY=1: a new
// certificate authority too.
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext, getJson, kubectl, type List } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { waitSeconds } from './lib/cluster/wait-seconds.ts';
import { renderOverlay } from './lib/render/prepare.ts';
import {
  authorityRefusal,
  beginsLater,
  isHandedOut,
  isOurs,
  isWaiting,
  type Notes,
  notePrefix,
  previousEnd,
  progressOf,
  readersAtStart,
  type Standing,
  underWay,
  unheardOf,
} from './lib/secrets/rotation.ts';

const usersSecret = 'elasticsearch-users';
const nodesSecret = 'elasticsearch-tls';
const kibanaSecret = 'kibana-tls';
const authoritySecret = 'elasticsearch-ca';
const lookSeconds = 2;

const must = async (args: readonly string[]): Promise<string> => {
  const done = await kubectl(args);
  if (done.code !== 0) throw new UserError(`kubectl ${args.join(' ')} failed:\n${done.stderr.trim()}`);
  return done.stdout;
};

/** Annotations only: passwords do not leave the cluster's clients. */
const notesOf = async (namespace: string, secret: string): Promise<Notes | undefined> => {
  const text = await must([
    '-n',
    namespace,
    'get',
    'secret',
    secret,
    '--ignore-not-found',
    '-o',
    'jsonpath={.metadata.name}|{.metadata.annotations}',
  ]);
  if (!text.includes('|')) return undefined;
  const annotations = JSON.parse(text.slice(text.indexOf('|') + 1) || '{}') as Notes;
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) =>
      key.startsWith(notePrefix) ? [[key.slice(notePrefix.length), value]] : [],
    ),
  );
};

const asksForAuthority = (): boolean => process.env['AUTHORITY'] === '1';
const revokes = (): boolean => process.env['REVOKE'] === '1';

const standingOf = async (namespace: string): Promise<Standing> => {
  const always = [usersSecret, 'elasticsearch-user-elastic', nodesSecret, kibanaSecret];
  // Whoever does not ask for a new authority needs no right to read it.
  const names = asksForAuthority() ? [...always, authoritySecret] : always;
  const [users, elastic, certificate, kibana, authority] = await Promise.all(
    names.map((secret) => notesOf(namespace, secret)),
  );
  if (users === undefined)
    throw new UserError(`there is no Secret ${usersSecret} in namespace ${namespace}: deploy the overlay first`);
  if (!isOurs(users))
    throw new UserError(
      `Secret ${usersSecret} was made by somebody else, so there is nothing to rotate here: change it where it is made`,
    );
  return { users, elastic, certificate, kibana, authority };
};

const annotate = (namespace: string, secret: string, value: string): Promise<string> =>
  must(['-n', namespace, 'annotate', '--overwrite', 'secret', secret, `${notePrefix}rotate=${value}`]);

/** Looks at everything before anything is asked for. */
const ask = async (namespace: string, standing: Standing): Promise<void> => {
  const refusal = asksForAuthority() ? authorityRefusal(standing) : undefined;
  if (refusal !== undefined) throw new UserError(`${refusal}. Nothing was asked for`);
  await annotate(namespace, usersSecret, revokes() ? 'revoke' : 'requested');
  progress('Asked for new passwords of all users');
  const certificates = [
    { secret: nodesSecret, notes: standing.certificate, whose: 'the nodes' },
    { secret: kibanaSecret, notes: standing.kibana, whose: 'Kibana' },
  ];
  for (const { secret, whose } of certificates.filter(({ notes }) => !isOurs(notes)))
    progress(`The certificate of ${whose} is not renewed here: somebody else makes it (Secret ${secret})`);
  const ours = certificates.filter(({ notes }) => isOurs(notes));
  if (asksForAuthority()) {
    await annotate(namespace, authoritySecret, 'requested');
    progress('Asked for a new authority: it is trusted beside the old one first, and signs a day later');
    return;
  }
  for (const { secret, whose } of ours) {
    await annotate(namespace, secret, 'requested');
    progress(`Asked for a new certificate of ${whose}`);
  }
};

/** Those that run with a login of before the hand-over. */
const outdated = async (
  namespace: string,
  names: readonly string[],
  rotated: string | undefined,
): Promise<string[]> => {
  const found: string[] = [];
  for (const name of names) {
    const { items } = await getJson<List<IDeployment>>([
      '-n',
      namespace,
      'deployments',
      `--field-selector=metadata.name=${name}`,
    ]);
    const labels = Object.entries(items[0]?.spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    if (labels.length === 0) continue;
    const pods = await getJson<List<IPod>>(['-n', namespace, 'pods', '-l', labels.join(',')]);
    if (pods.items.some(({ metadata }) => Date.parse(metadata?.creationTimestamp ?? '') <= Date.parse(rotated ?? '')))
      found.push(name);
  }
  return found;
};

const restart = async (namespace: string, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    await must(['-n', namespace, 'rollout', 'restart', `deployment/${name}`]);
    progress(`Restarting ${name}, which reads its login at its start only`);
  }
};

const lastWords = async (namespace: string): Promise<string> =>
  (await kubectl(['-n', namespace, 'logs', 'deployment/credentials', '-c', 'credentials', '--tail=5'])).stdout.trim() ||
  'nothing; does the Deployment credentials run?';

command(async () => {
  const limit = waitSeconds();
  const { objects } = await renderOverlay(process.argv[2]);
  const { namespace } = targetOf(objects);
  const readers = readersAtStart(objects);
  progress(`Context ${await currentContext()}, namespace ${namespace}`);

  const first = await standingOf(namespace);
  const begin = Date.now();
  // A rotation that was not watched to its end is finished first, not followed by another.
  const unfinished =
    previousEnd(first, begin) !== undefined && (await outdated(namespace, readers, first.users['rotated'])).length > 0;
  let unheard = unheardOf(first, { revoke: revokes(), authority: asksForAuthority() });
  const hurries = isWaiting(first) && unheard.length > 0;
  const finishes = unfinished && !underWay(first);
  if (underWay(first) && !hurries) progress('A rotation is under way already: watching it');
  else if (finishes) progress('The last rotation was not watched to its end: finishing it');
  else {
    await ask(namespace, first);
    unheard = [];
  }
  const before = finishes ? undefined : first.users['rotated'];
  let kept: string | undefined;
  const end = (says: string): void => {
    progress(says);
    const undone = [
      ...(unheard.length === 0
        ? []
        : [`${unheard.join(' and ')} was not heard, since an earlier rotation had to be done first: run this again`]),
      ...(kept === undefined || !revokes() ? [] : [`nothing was revoked of ${kept}: run this again when that can be`]),
    ];
    if (undone.length > 0) throw new UserError(undone.join('; '));
  };

  let line = '';
  let restarted = false;
  for (;;) {
    const left = begin + limit * 1000 - Date.now();
    const tell = (now: string): void => {
      if (now !== line) progress(`[${String(Math.round((Date.now() - begin) / 1000)).padStart(4)} s] ${now}`);
      line = now;
    };
    const standing = await standingOf(namespace).catch((error: unknown) => {
      // The API server may be away for a moment; what was asked for goes on.
      if (!(error instanceof UserError) || left < 0) throw error;
      tell(`could not look, trying again: ${error.message}`);
      return undefined;
    });
    if (standing !== undefined) tell(progressOf(standing, before, Date.now()));
    if (standing !== undefined && isHandedOut(standing, before)) {
      if (!restarted) {
        const alone = standing.users['left-alone']?.split(' ').map((name) => `elasticsearch-user-${name}`);
        if (alone !== undefined) progress(`Made by somebody else, and to be renewed there: ${alone.join(', ')}`);
        kept = standing.users['left-out']
          ?.split(' ')
          .map((name) => `elasticsearch-user-${name}`)
          .join(', ');
        if (kept !== undefined) progress(`Could not be read or changed, and keep their old logins: ${kept}`);
        await restart(namespace, await outdated(namespace, readers, standing.users['rotated']));
        restarted = true;
      }
      const over = previousEnd(standing, Date.now());
      if (over === undefined) return end('Done');
      if (over.getTime() - Date.now() > left)
        return end(
          `Done, but for what time does: the old passwords end at ${over.toISOString()}. ` +
            'Programs that copied theirs must change before',
        );
    }
    const later = standing === undefined ? undefined : beginsLater(standing, Date.now());
    if (later !== undefined && later.getTime() - Date.now() > left)
      return end(
        `Asked for, and not to be watched: new logins begin when the last ones end, at ${later.toISOString()}. ` +
          'REVOKE=1 ends them now',
      );
    if (left < 0)
      throw new UserError(
        `not done after ${limit} s; it goes on without this command. ` +
          `The credentials Deployment said last:\n${await lastWords(namespace)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, lookSeconds * 1000));
  }
});
