// The users file of Elasticsearch's file realm, as Elasticsearch reads it.
import { createHash } from 'node:crypto';

const hashOf = (password: string, salt: string): string => {
  const digest = createHash('sha256').update(password).update(Buffer.from(salt, 'base64')).digest('base64');
  return `{SSHA256}${salt}${digest}`;
};

/** Whether the file lets this login in. */
export const accepts = (users: string, username: string, password: string): boolean => {
  const line = users.split('\n').find((one) => one.startsWith(`${username}:`));
  const hash = line?.slice(username.length + 1) ?? '';
  // Eight bytes of salt are twelve characters of base64.
  return hash !== '' && hash === hashOf(password, hash.slice('{SSHA256}'.length, '{SSHA256}'.length + 12));
};

/** Names in the file, in its order. */
export const namesIn = (users: string): string[] =>
  users.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(0, line.indexOf(':'))]));

export const rolesOf = (usersRoles: string, username: string): string[] =>
  usersRoles.split('\n').flatMap((line) => {
    const [role = '', names = ''] = line.split(':');
    return names.split(',').includes(username) ? [role] : [];
  });
