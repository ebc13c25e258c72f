// Links of the configuration folder to mounted folders, so that Elasticsearch sees what changes there.
export const LINKS: ReadonlyMap<string, string> = new Map([
  ['unicast_hosts.txt', 'membership/unicast_hosts.txt'],
  ['users', 'access/users/users'],
  ['users_roles', 'access/users/users_roles'],
  ['roles.yml', 'access/roles/roles.yml'],
]);
