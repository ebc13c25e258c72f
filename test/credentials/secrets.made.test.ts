// Each Secret that the program makes: once, again where it is gone, and complete after a kill at any moment.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { rolesOfTheBase } from '../support/roles.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Place, quiet, usersTable } from './support/place.ts';
import { accepts, rolesOf } from './support/users-file.ts';

const limit = 120_000;

/** Lines of users.txt: name, role, login. */
const table = readFileSync(usersTable, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' ') as [string, string, string?]);

test('each role of the table is described, or one of Elasticsearch', () => {
  const described = Object.keys(load(rolesOfTheBase()) as object);
  expect(
    table
      .map(([, role]) => role)
      .filter((role) => role !== 'kibana_system')
      // Of the users that components add.
      .concat('reviews-monitoring', 'reviews-probe', 'reviews-snapshots')
      .sort(),
  ).toEqual(described.sort());
});

besideCluster('at a real API server', [], (server) => {
  let place: Place;

  const fresh = async (): Promise<void> => {
    place = await Place.make(server());
    await place.putCertificates();
  };

  test(
    'users of tables beside users.txt are made, too',
    async () => {
      await fresh();
      place.twoUsers();
      place.write('users-more.txt', 'search reviews-search\n');
      await place.look();
      const { username = '' } = (await place.mustHave('elasticsearch-user-search')).data;
      expect(username).toBe('search');
      const { data } = await place.mustHave('elasticsearch-users');
      expect(rolesOf(data['users_roles'] ?? '', username)).toEqual(['reviews-search']);
    },
    limit,
  );

  test(
    'the first look makes every user, the users file, the superuser and ' +
      'the keys of Kibana; another one changes nothing',
    async () => {
      await fresh();
      const { code, log, calls } = await place.counted(undefined);
      expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining('made Secret elasticsearch-users') });
      const { data } = await place.mustHave('elasticsearch-users');
      const passwords: string[] = [];
      for (const [name, role, login = name] of table) {
        const { username = '', password = '' } = (await place.mustHave(`elasticsearch-user-${name}`)).data;
        expect(username).toBe(login);
        expect(password).toMatch(/^[A-Za-z0-9]{40}$/);
        expect(accepts(data['users'] ?? '', username, password)).toBe(true);
        expect(rolesOf(data['users_roles'] ?? '', username)).toEqual([role]);
        passwords.push(password);
      }
      expect(new Set(passwords).size).toBe(table.length);
      expect((await place.mustHave('elasticsearch-user-elastic')).data['username']).toBe('elastic');
      const keys = (await place.mustHave('kibana-encryption-keys')).data;
      expect(Object.keys(keys).sort()).toEqual(['reporting', 'saved-objects', 'session']);
      expect(new Set(Object.values(keys).map((key) => key.length))).toEqual(new Set([40]));

      // Neither in the log nor in the address of a call, which servers write into logs of theirs.
      const secrets = [...passwords, ...Object.values(keys), place.token];
      expect(secrets.filter((secret) => `${log}${calls.join('\n')}`.includes(secret))).toEqual([]);
      expect(calls.length).toBeGreaterThan(table.length);

      const versions = await place.versions();
      expect(await place.look()).toEqual(quiet);
      expect(await place.versions()).toEqual(versions);
    },
    limit,
  );

  test(
    'run ten times, nothing changes',
    async () => {
      await fresh();
      place.twoUsers();
      await place.look();
      const versions = await place.versions();
      for (let i = 0; i < 9; i += 1) expect(await place.look()).toEqual(quiet);
      expect(await place.versions()).toEqual(versions);
    },
    limit,
  );

  test(
    'what is deleted is made again',
    async () => {
      await fresh();
      place.twoUsers();
      await place.look();
      const before = await place.mustHave('elasticsearch-user-ingest');
      await place.remove('elasticsearch-user-ingest');
      await place.remove('elasticsearch-users');
      expect((await place.look()).code).toBe(0);
      const { username = '', password = '' } = (await place.mustHave('elasticsearch-user-ingest')).data;
      expect(password).not.toBe(before.data['password']);
      expect(accepts((await place.mustHave('elasticsearch-users')).data['users'] ?? '', username, password)).toBe(true);
    },
    limit,
  );

  test(
    'killed after any of its calls, the next look completes what is there and changes none of it',
    async () => {
      await fresh();
      place.twoUsers();
      const { calls } = await place.counted(undefined);
      expect(calls.length).toBeGreaterThan(12);
      for (let call = 1; call <= calls.length; call += 1) {
        await fresh();
        place.twoUsers();
        const killed = await place.counted(call);
        expect(killed.signal).toBe('SIGKILL');
        // Several are read at the same time.
        expect(killed.calls.length).toBeGreaterThanOrEqual(call);
        const there = await place.versions();
        expect({ call, code: (await place.look()).code }).toEqual({ call, code: 0 });
        expect(await place.versions()).toMatchObject(there);
        expect(Object.keys(await place.versions()).length).toBe(7);
      }
    },
    3 * limit,
  );

  test(
    'three at once agree on one of each',
    async () => {
      await fresh();
      place.twoUsers();
      await Promise.all([place.look(), place.look(), place.look()]);
      expect((await place.look()).code).toBe(0);
      const versions = await place.versions();
      expect(await place.look()).toEqual(quiet);
      expect(await place.versions()).toEqual(versions);
      const users = (await place.mustHave('elasticsearch-users')).data['users'] ?? '';
      for (const name of ['operations', 'ingest']) {
        const { username = '', password = '' } = (await place.mustHave(`elasticsearch-user-${name}`)).data;
        expect(accepts(users, username, password)).toBe(true);
      }
    },
    limit,
  );

  describe('when the cluster has formed', () => {
    test(
      'a lost password of the superuser is not replaced, the log says what to do, and the others are made',
      async () => {
        await fresh();
        place.twoUsers();
        await place.formed();
        const { code, log } = await place.look();
        expect(code).toBe(1);
        expect(log).toContain('elasticsearch-reset-password -u elastic ');
        expect(await place.secret('elasticsearch-user-elastic')).toBeUndefined();
        expect(await place.secret('elasticsearch-users')).toBeDefined();
      },
      limit,
    );

    test(
      'new encryption keys of Kibana come with a warning',
      async () => {
        await fresh();
        place.twoUsers();
        await place.formed();
        expect((await place.look()).log).toContain('If it had others before, restore them');
      },
      limit,
    );
  });
});
