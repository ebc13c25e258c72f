// Users and roles as the cluster has them: in files that a running node reads again, made from what the base says.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { rolesOfTheBase } from '../../support/roles.ts';

export interface User {
  readonly role: string;
  readonly password: string;
}

/** By the name with which each logs in. */
export const USERS: Readonly<Record<string, User>> = Object.fromEntries(
  [
    'base/credentials/scripts/users.txt',
    'components/monitoring/users-monitoring.txt',
    'components/reviews-probe/users-probe.txt',
    'components/snapshots/users-snapshots.txt',
  ]
    .flatMap((file) => readFileSync(join(root, file), 'utf8').split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '))
    .map(([name = '', role = '', login = name]) => [login, { role, password: `${name}-1234567890` }]),
);

export const passwordOf = (login: string): string => {
  const user = USERS[login];
  if (user === undefined) throw new Error(`there is no user ${login}`);
  return user.password;
};

/** Writes the files of the file realm into a node's configuration. */
export const writeFileRealm = (config: string, users: Readonly<Record<string, User>> = USERS): void => {
  const names = Object.entries(users);
  writeFileSync(join(config, 'users'), names.map(([name, { password }]) => `${name}:${salted(password)}\n`).join(''));
  writeFileSync(join(config, 'users_roles'), names.map(([name, { role }]) => `${role}:${name}\n`).join(''));
  writeFileSync(join(config, 'roles.yml'), rolesOfTheBase());
};

const salted = (password: string): string => {
  const salt = randomBytes(8);
  const hash = createHash('sha256').update(password).update(salt).digest('base64');
  return `{SSHA256}${salt.toString('base64')}${hash}`;
};
