// Rotation of passwords: one command asks for it, and this carries it out, a step at a look. Where it stands is written
// in annotations of Secret elasticsearch-users, each step with the version that was read, so that it may be killed at
// any point and run twice at once:
//   rotate=requested|revoke  (by the user) -> adding
//   phase=adding             every user Secret gets next-username and next-password, and the users file lets them in
//                            -> spreading
//   phase=spreading          SPREAD_SECONDS: kubelets bring the file to the nodes, which read it again -> switching
//   phase=switching          in every user Secret the next login becomes the login, and the login the previous one
//                            -> none
//   previous-ends=TIME       of a user Secret: the previous login is forgotten then
// Names alternate (ingest, ingest-b), since the users file holds one password for a name; one that somebody else has is
// passed over. In adding and in switching, a Secret that can't be read or changed is waited for SPREAD_SECONDS; then
// the others go on, and it is named in left-out. What is left in it is handed out by the next rotation, unless that is
// a revocation: began=TIME ID and next-for=TIME ID tell whether a next login is of this one.

import { randomUUID } from 'node:crypto';
import type { Look } from './ports.ts';
import { type Change, isOurs, isThere, PREFIX, type Secret, textOf } from './secret.ts';
import { moment, secondsOf } from './time.ts';
import { ELASTIC, newPassword, USERS, writeUsersFile } from './users.ts';
import { isName, namesIn, namesOf, secretOf } from './users-file.ts';

const has = (secret: Secret, part: 'next' | 'previous'): boolean => textOf(secret, `${part}-password`) !== undefined;

const ENDINGS = ['', ...Array.from('bcdefghijklmnopqrstuvwxyz', (letter) => `-${letter}`)];

/** Another one for the same user; undefined where all are taken. */
export const otherName = (name: string, taken: ReadonlySet<string>): string | undefined => {
  const stem = name.replace(/-[b-z]$/, '');
  return ENDINGS.map((ending) => `${stem}${ending}`).find((one) => one !== name && isName(one) && !taken.has(one));
};

/** All names that are let in, or soon will be: also those of Secrets that somebody else makes, or can't be read. */
const takenNames = ({ users, secrets }: Look): ReadonlySet<string> => {
  const file = secrets.known(USERS);
  const found = users.map(({ name }) => secrets.known(secretOf(name))).filter(isThere);
  return new Set([...(isThere(file) ? namesIn(textOf(file, 'users') ?? '') : []), ...found.flatMap(namesOf)]);
};

const nextLogin = (look: Look, secret: Secret, began: string | undefined): Change | undefined => {
  if (secret.name === ELASTIC) return { values: { 'next-password': newPassword() }, notes: { phase: 'changing' } };
  const name = otherName(textOf(secret, 'username') ?? '', takenNames(look));
  if (name === undefined) return undefined;
  return { values: { 'next-username': name, 'next-password': newPassword() }, notes: { 'next-for': began } };
};

/** The next login becomes the login. */
const switched = (secret: Secret, end: string): Change => {
  const values = ['username', 'password'].flatMap((key) => [
    [key, textOf(secret, `next-${key}`)],
    [`previous-${key}`, textOf(secret, key)],
    [`next-${key}`, undefined],
  ]);
  return { values: Object.fromEntries(values), notes: { 'previous-ends': end, 'next-for': undefined } };
};

const FORGOTTEN: Change = {
  values: { 'previous-username': undefined, 'previous-password': undefined },
  notes: { 'previous-ends': undefined },
};

/** Does the step that is due, and those that can follow at once. Without our own users file nothing can be rotated. */
export const rotate = async (look: Look): Promise<void> => {
  const latestEnd = await forgetPrevious(look, false);
  const steps = { adding: add, spreading: spread, switching: hand };
  for (;;) {
    const file = look.secrets.known(USERS);
    if (!isThere(file) || !isOurs(file)) return;
    const phase = file.notes['phase'] ?? '';
    const step = Object.entries(steps).find(([name]) => name === phase)?.[1] ?? begin;
    if (!(await step(look, file.notes, latestEnd)) || step === hand) return;
  }
};

const oursOf = ({ users, secrets }: Look): { readonly user: string; readonly secret: Secret }[] =>
  users.flatMap(({ name: user }) => {
    const secret = secrets.known(secretOf(user));
    return isThere(secret) && isOurs(secret) ? [{ user, secret }] : [];
  });

/** Previous logins whose time is over, or all. When the last of the others ends; 0: there is none. */
const forgetPrevious = async (look: Look, all: boolean): Promise<number> => {
  let latest = 0;
  for (const { user, secret } of oursOf(look)) {
    if (!has(secret, 'previous')) continue;
    const end = secondsOf(secret.notes['previous-ends']) ?? 0;
    if (!all && end > look.now()) latest = Math.max(latest, end);
    else if ((await look.secrets.change(secret, FORGOTTEN)) !== undefined)
      look.report.done(`the previous login of ${user} is forgotten`);
  }
  return latest;
};

/** Whether the next step may follow. */
type Step = (look: Look, notes: Secret['notes'], latestEnd: number) => Promise<boolean>;

/** Writes the users file as it is now, with the phase and more. */
const enter = async (look: Look, phase: string, notes: Change['notes'], says: string): Promise<boolean> => {
  if (!(await writeUsersFile(look, { ...notes, phase }))) return false;
  look.report.done(says);
  return true;
};

const begin: Step = async (look, { rotate: wish }, latestEnd) => {
  const { report, now } = look;
  if (wish === undefined) return false;
  if (wish !== 'requested' && wish !== 'revoke') {
    const rule = 'must be requested or revoke';
    report.failed('rotate', `the annotation ${PREFIX}rotate of Secret ${USERS} ${rule}, but is '${wish}'`);
    return false;
  }
  if (wish === 'revoke') await forgetPrevious(look, true);
  else if (latestEnd > now()) {
    const end = moment(latestEnd);
    report.once('rotate', `a rotation is asked for; it begins when the previous logins end, at ${end}`);
    return false;
  }
  // Without the previous logins, whose names are needed again.
  const since = moment(now());
  // The time alone may be that of an earlier rotation: two can begin within a second.
  const notes = { rotate: undefined, wish, began: `${since} ${randomUUID()}`, since, 'previous-ends': undefined };
  return enter(look, 'adding', notes, `rotation: ${wish}`);
};

/** Left by an earlier rotation: whoever has seen the Secret knows it. The superuser's may be in the cluster already. */
const mayHaveLeaked = ({ name, notes }: Secret, { wish, began }: Secret['notes']): boolean =>
  wish === 'revoke' && name !== ELASTIC && notes['next-for'] !== began;

const add: Step = async (look, notes) => {
  const { settings, users, secrets, report, now } = look;
  const alone: string[] = [];
  const held: string[] = [];
  for (const user of [...users.map(({ name }) => name), 'elastic']) {
    const secret = secrets.known(secretOf(user));
    if (!isThere(secret)) held.push(user);
    else if (!isOurs(secret)) alone.push(user);
    else if (has(secret, 'next') && !mayHaveLeaked(secret, notes)) continue;
    else if (has(secret, 'previous')) {
      // Its name is the one that the next login would have.
      report.once(`next ${user}`, `Secret ${secret.name} still has a previous login: no new one is made`);
      held.push(user);
    } else {
      const next = nextLogin(look, secret, notes['began']);
      if (next === undefined)
        report.once(`next ${user}`, `Secret ${secret.name}: every name for a next login is taken`);
      if (next === undefined || (await secrets.change(secret, next)) === undefined) held.push(user);
    }
  }
  if (waitsFor(look, held, notes, settings.spreadSeconds)) return false;
  const others = alone.length === 0 ? '' : `; made by somebody else and left alone: ${alone.join(' ')}`;
  const out = held.length === 0 ? '' : `; could not be read or changed, and left out: ${held.join(' ')}`;
  const standing = { since: moment(now()), 'left-alone': alone.join(' '), 'left-out': held.join(' ') };
  const says = `rotation: new logins are stored and on their way to the nodes${others}${out}`;
  return enter(look, 'spreading', standing, says);
};

/** Whether somebody is still waited for. */
const waitsFor = ({ report, now }: Look, held: readonly string[], notes: Secret['notes'], seconds: number): boolean => {
  const end = (secondsOf(notes['since']) ?? 0) + seconds;
  if (held.length === 0 || end <= now()) return false;
  report.once('rotation waits', `rotation: waits for the Secrets of ${held.join(', ')}, until ${moment(end)} at most`);
  return true;
};

const spread: Step = async ({ settings, secrets, now }, { since }) => {
  const file = secrets.known(USERS);
  if (now() - (secondsOf(since) ?? 0) < settings.spreadSeconds || !isThere(file)) return false;
  return (await secrets.change(file, { notes: { phase: 'switching' } })) !== undefined;
};

const hand: Step = async (look, notes) => {
  const { settings, users, secrets, now } = look;
  // Programs need the time of the spreading too, to see that their login is another one.
  const keep = notes['wish'] === 'revoke' ? settings.spreadSeconds : settings.keepPreviousSeconds;
  const end = moment(now() + keep);
  const held = users.flatMap(({ name }) => (secrets.known(secretOf(name)) === 'unknown' ? [name] : []));
  for (const { user, secret } of oursOf(look).filter((one) => !mayHaveLeaked(one.secret, notes)))
    if (has(secret, 'next') && (await secrets.change(secret, switched(secret, end))) === undefined) held.push(user);
  if (waitsFor(look, held, notes, 2 * settings.spreadSeconds)) return false;
  const out = new Set([...(notes['left-out'] ?? '').split(' '), ...held]);
  const done = { wish: undefined, began: undefined, since: undefined, rotated: moment(now()), 'previous-ends': end };
  const says = `rotation: programs get the new logins now; the previous ones are accepted until ${end}`;
  return enter(look, '', { ...done, 'left-out': [...out].join(' ').trim() }, says);
};
