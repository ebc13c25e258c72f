// What the scripts have made in a namespace, in the hands of a node that has it mounted and of programs that log in.
import { expect } from '@jest/globals';
import { elasticsearchHome, elasticsearchTools } from '../../support/needs/elasticsearch.ts';
import { rolesOfTheBase } from '../../support/roles.ts';
import { type Files, type Login, Node } from './elasticsearch.ts';
import type { Place } from './place.ts';
import type { Attempt } from './rights.ts';

interface Mounted {
  readonly login: (name: string) => Promise<Login>;
  /** The files of users and their roles, by their names in a node's configuration. */
  readonly access: () => Promise<Files>;
  /** The same of the certificates. */
  readonly certificates: () => Promise<Files>;
  /** The authorities that clients trust. */
  readonly bundle: () => Promise<string>;
}

/** As the Secrets are now: each is read when it is asked for, as a pod would find it. */
export const mountedFrom = (place: () => Place): Mounted => {
  const data = async (name: string): Promise<Files> => (await place().mustHave(name)).data;
  return {
    login: async (name) => {
      const { username = '', password = '' } = await data(`elasticsearch-user-${name}`);
      return { username, password };
    },
    access: async () => {
      const { users: file = '', users_roles: roles = '' } = await data('elasticsearch-users');
      return { users: file, users_roles: roles };
    },
    certificates: async () =>
      Object.fromEntries(
        Object.entries(await data('elasticsearch-tls')).map(([key, text]) => [`certificates/${key}`, text]),
      ),
    bundle: async () => (await data('elasticsearch-tls'))['ca.crt'] ?? '',
  };
};

/** A node at its first start, with all that a first look has made; later looks of the place talk to it. */
export const nodeOf = async (place: Place): Promise<Node> => {
  const { login, access, certificates } = mountedFrom(() => place);
  Object.assign(place.env, { MAKE_CERTIFICATES: 'yes', PATH: `${elasticsearchTools}:${place.env['PATH'] ?? ''}` });
  expect((await place.look()).code).toBe(0);
  const node = await Node.start(
    elasticsearchHome,
    { ...(await access()), ...(await certificates()), 'roles.yml': rolesOfTheBase() },
    await login('elastic'),
  );
  place.env['ELASTICSEARCH_URL'] = `https://localhost:${node.port}`;
  return node;
};

interface Client {
  /** Of the answer; without a login, nobody's. */
  readonly status: (who: Login | undefined, attempt: Attempt) => Promise<number>;
  /** Whether the node lets this login in. */
  readonly knows: (who: Login) => Promise<boolean>;
}

/** Programs that trust the bundle. */
export const clientOf = (node: () => Node, bundle: () => Promise<string>): Client => {
  const status: Client['status'] = async (who, [, method, path, body]) =>
    (
      await node().send({
        method,
        path,
        ca: await bundle(),
        ...(body === undefined ? {} : { body }),
        ...(who === undefined ? {} : { login: who }),
      })
    ).status;
  return {
    status,
    knows: async (who) => (await status(who, ['', 'GET', '/_security/_authenticate', undefined, 200])) === 200,
  };
};
