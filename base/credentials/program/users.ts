// Users and their passwords: a Secret for each, and Secret elasticsearch-users, which follows from all of them.

import { randomBytes, randomInt } from 'node:crypto';
import type { Look } from './ports.ts';
import { type Change, isOurs, isThere, textOf } from './secret.ts';
import { buildUsersFile, secretOf, type UsersFile } from './users-file.ts';

export const USERS = 'elasticsearch-users';
export const ELASTIC = 'elasticsearch-user-elastic';
const KIBANA_KEYS = 'kibana-encryption-keys';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 40 letters and digits: more than 200 random bits. */
export const newPassword = (): string => Array.from({ length: 40 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

const newSalt = (): string => randomBytes(8).toString('base64');

/** Of each user, made where there is none. */
export const makeUsers = async ({ users, secrets }: Look): Promise<void> => {
  for (const { name, login } of users)
    if (secrets.known(secretOf(name)) === 'absent')
      await secrets.make(secretOf(name), { values: { username: login, password: newPassword() } });
};

/**
 * Makes the users file, or changes it where a login has changed, or with notes to write. Says whether that could be
 * done; a Secret of a user that can't be used is a fault of its own.
 */
export const writeUsersFile = async (look: Look, notes: Change['notes'] = {}): Promise<boolean> => {
  const { users, secrets, report } = look;
  const before = secrets.known(USERS);
  if (before === 'unknown') return false;
  const old: UsersFile = isThere(before)
    ? { users: textOf(before, 'users') ?? '', roles: textOf(before, 'users_roles') ?? '' }
    : { users: '', roles: '' };
  const found = users.map((user) => ({ user, secret: secrets.known(secretOf(user.name)) }));
  const { file, problems } = buildUsersFile(found, old, newSalt);
  for (const [user, text] of problems) report.failed(`user ${user}`, text);
  const change: Change = { values: { users: file.users, users_roles: file.roles }, notes };
  if (before === 'absent') return isThere(await secrets.make(USERS, change));
  if (!isOurs(before)) {
    report.once('users', `Secret ${USERS} was made by somebody else: it is left alone`);
    return true;
  }
  const isNew = file.users.trimEnd() !== old.users || file.roles.trimEnd() !== old.roles;
  if (!isNew && Object.keys(notes).length === 0) return true;
  return (await secrets.change(before, change)) !== undefined;
};

/**
 * With which Kibana encrypts sessions and parts of saved objects. Never renewed: what is encrypted could not be read
 * any more.
 */
export const makeKibanaKeys = async ({ secrets, formed, report }: Look): Promise<void> => {
  const marker = formed.marker();
  if (secrets.known(KIBANA_KEYS) !== 'absent' || marker === 'unknown') return;
  if (marker !== 'absent')
    report.once(
      'kibana keys',
      'making new encryption keys for Kibana. If it had others before, restore them: rules and connectors that were ' +
        "stored with them can't be read",
    );
  await secrets.make(KIBANA_KEYS, {
    values: { session: newPassword(), 'saved-objects': newPassword(), reporting: newPassword() },
  });
};

/** All that is read when a look begins. */
export const namesOfSecrets = (users: Look['users']): string[] => [
  ELASTIC,
  USERS,
  KIBANA_KEYS,
  'elasticsearch-ca',
  'elasticsearch-tls',
  'kibana-tls',
  ...users.map(({ name }) => secretOf(name)),
];
