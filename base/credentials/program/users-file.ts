// The users file of Elasticsearch's file realm. It follows from the Secrets of all users: it lets in the current login
// of each, the next one (stored before anybody uses it) and the previous one (as long as somebody may still use it).

import { createHash } from 'node:crypto';
import { Refused } from '../../lib/environment.ts';
import { type Found, isThere, type Secret, textOf } from './secret.ts';

export interface User {
  readonly name: string;
  readonly role: string;
  readonly login: string;
}

/** Lines NAME ROLE [LOGIN], and the name of the file that has them. */
export interface Table {
  readonly file: string;
  readonly text: string;
}

/** All users of all tables; refuses a line that is none, and a name that was there before. */
export const parseUsers = (tables: readonly Table[]): User[] => {
  const files = new Map<string, string>();
  return tables.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line) => {
      const [name = '', role, login = name] = line.trim().split(/\s+/);
      if (name === '' || name.startsWith('#')) return [];
      if (role === undefined) throw new Refused(`a line of ${file} must be NAME ROLE [LOGIN], but is '${line}'`);
      const other = files.get(name);
      if (other === file) throw new Refused(`${file} names ${name} twice`);
      if (other !== undefined)
        throw new Refused(`${file} names ${name}, as ${other} does: a user stands in one of them`);
      files.set(name, file);
      return [{ name, role, login }];
    }),
  );
};

export const secretOf = (user: string): string => `elasticsearch-user-${user}`;

/** Values `users` and `users_roles` of Secret elasticsearch-users. */
export interface UsersFile {
  readonly users: string;
  readonly roles: string;
}

export interface Built {
  readonly file: UsersFile;
  /** What keeps a Secret from being used, by user. */
  readonly problems: ReadonlyMap<string, string>;
}

const PARTS = ['', 'next-', 'previous-'] as const;

// A built-in name never reaches the users file: Elasticsearch's own realm refuses it before.
const NAME = /^(?!(?:elastic|kibana|(?:kibana|logstash|beats|apm)_system|remote_monitoring_user)$)[A-Za-z0-9][\w.@-]*$/;

export const isName = (text: string): boolean => NAME.test(text);

/** All that a Secret has, whether they can be used or not. */
export const namesOf = (secret: Secret): readonly string[] =>
  PARTS.flatMap((part) => textOf(secret, `${part}username`) ?? []);

interface Login {
  readonly name: string;
  readonly password: string;
}

/** Of one Secret; a text says why it can't be used. */
const loginsOf = (secret: Secret): Login[] | string => {
  const logins: Login[] = [];
  for (const part of PARTS) {
    const [name, password] = [textOf(secret, `${part}username`), textOf(secret, `${part}password`)];
    if (name === undefined || password === undefined) {
      if (part === '') return `Secret ${secret.name} lacks username or password`;
      continue;
    }
    if (!isName(name))
      return (
        `Secret ${secret.name}: ${part}username must be of letters, digits and ._@- and must not be a built-in user ` +
        'of Elasticsearch'
      );
    if (logins.some((other) => other.name === name))
      return `Secret ${secret.name} has the name ${name} twice, and the users file holds one password for a name`;
    logins.push({ name, password });
  }
  return logins;
};

const SALT = /^\{SSHA256\}([A-Za-z0-9+/]{11}=)/;

/**
 * The salted SHA-256 that Elasticsearch's realms read; the salt is 8 bytes in base64. Passwords made here have more
 * than 200 random bits: nobody can guess them, so a slow hash would only cost time at each request.
 */
const salted = (password: string, salt: string): string => {
  const digest = createHash('sha256').update(password).update(Buffer.from(salt, 'base64')).digest('base64');
  return `{SSHA256}${salt}${digest}`;
};

/** Lines KEY:VALUE. */
const pairsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([^:\n]+):(.+)$/gm)].map(([, key = '', value = '']) => [key, value]));

/** Of values `users`. */
export const namesIn = (users: string): readonly string[] => [...pairsOf(users).keys()];

/**
 * From what was found of each user. A Secret that can't be read or used must not lock anybody out: what the old file
 * says of that user stays.
 */
export const buildUsersFile = (
  found: readonly { readonly user: User; readonly secret: Found }[],
  old: UsersFile,
  newSalt: () => string,
): Built => {
  const [hashes, members] = [pairsOf(old.users), pairsOf(old.roles)];
  const lines: { name: string; hash: string; role: string }[] = [];
  const owner = new Map<string, string>();
  const problems = new Map<string, string>();
  const read = found.map(({ user, secret }) => ({ user, logins: isThere(secret) ? loginsOf(secret) : undefined }));

  const add = (name: string, hash: string, user: User): void => {
    owner.set(name, secretOf(user.name));
    lines.push({ name, hash, role: user.role });
  };
  const keep = (user: User): void => {
    // Users may share a role: their names are theirs.
    const others = read.filter((one) => one.user !== user && one.user.role === user.role);
    const theirs = new Set(
      others.flatMap(({ logins }) => (typeof logins === 'object' ? logins.map(({ name }) => name) : [])),
    );
    for (const name of (members.get(user.role) ?? '').split(',')) {
      const hash = hashes.get(name);
      if (hash !== undefined && !owner.has(name) && !theirs.has(name)) add(name, hash, user);
    }
  };

  for (const { user, logins } of read) {
    const taken = typeof logins === 'object' ? logins.find(({ name }) => owner.has(name))?.name : undefined;
    if (typeof logins === 'string') problems.set(user.name, logins);
    else if (taken !== undefined)
      problems.set(user.name, `Secret ${secretOf(user.name)}: the name ${taken} belongs to ${owner.get(taken)}`);
    if (typeof logins !== 'object' || taken !== undefined) keep(user);
    else
      for (const { name, password } of logins) {
        // The salt that is in use, so that an unchanged password gives an unchanged line.
        const [, salt = newSalt()] = SALT.exec(hashes.get(name) ?? '') ?? [];
        add(name, salted(password, salt), user);
      }
  }
  const roles = [...new Set(lines.map(({ role }) => role))].sort().map((role) => {
    const names = lines.flatMap((line) => (line.role === role ? [line.name] : [])).sort();
    return `${role}:${names.join(',')}\n`;
  });
  const users = lines.map(({ name, hash }) => `${name}:${hash}\n`).sort();
  return { file: { users: users.join(''), roles: roles.join('') }, problems };
};
