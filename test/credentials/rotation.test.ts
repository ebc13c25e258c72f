// A rotation, looked at after each of its steps. Without Elasticsearch: what it would let in is read from the users
// file.
import { beforeEach, expect, test } from '@jest/globals';
import { besideCluster } from './support/beside-cluster.ts';
import { Place } from './support/place.ts';
import { accepts, namesIn, rolesOf } from './support/users-file.ts';

const limit = 120_000;
const names = ['operations', 'ingest'];

interface Login {
  readonly username: string;
  readonly password: string;
}

besideCluster('a rotation', [], (server) => {
  let place: Place;

  beforeEach(async () => {
    place = await Place.ofTwoUsers(server());
    // Nothing listens there: the superuser's new password waits, and nothing else waits for it.
    place.env['ELASTICSEARCH_URL'] = 'https://127.0.0.1:1';
    await place.look();
  }, limit);

  const loginOf = async (name: string, part = ''): Promise<Login> => {
    const { data } = await place.mustHave(`elasticsearch-user-${name}`);
    return { username: data[`${part}username`] ?? '', password: data[`${part}password`] ?? '' };
  };
  const logins = (): Promise<Login[]> => Promise.all(names.map((name) => loginOf(name)));
  const usersFile = async (): Promise<string> => (await place.mustHave('elasticsearch-users')).data['users'] ?? '';
  const notes = async (): Promise<Readonly<Record<string, string>>> =>
    (await place.mustHave('elasticsearch-users')).notes;
  const letsIn = async (wanted: readonly Login[]): Promise<boolean[]> => {
    const file = await usersFile();
    return wanted.map(({ username, password }) => accepts(file, username, password));
  };
  const ask = (wish = 'requested'): Promise<void> => place.annotate('elasticsearch-users', 'rotate', wish);

  test(
    'nobody asked for does not happen',
    async () => {
      const versions = await place.versions();
      await place.look({ SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '0' });
      expect(await place.versions()).toEqual(versions);
    },
    limit,
  );

  test(
    'first lets new logins in, then hands them out, then forgets the old ones: ' +
      'whoever has a login of a Secret is let in throughout',
    async () => {
      const old = await logins();
      await ask();
      expect((await place.look()).code).toBe(0);
      // New ones are let in, and nobody has them yet.
      expect(await notes()).toMatchObject({ phase: 'spreading' });
      expect(await notes()).not.toHaveProperty('rotate');
      expect(await logins()).toEqual(old);
      const next = await Promise.all(names.map((name) => loginOf(name, 'next-')));
      expect(next.map(({ username }) => username)).toEqual(['operations-b', 'ingest-b']);
      expect(await letsIn([...old, ...next])).toEqual([true, true, true, true]);

      // Not before they have had the time to spread.
      const versions = await place.versions();
      await place.look({ SPREAD_SECONDS: '600' });
      expect(await place.versions()).toEqual(versions);

      const file = await usersFile();
      await place.look({ SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '3600' });
      expect(await logins()).toEqual(next);
      expect(await usersFile()).toBe(file);
      expect(rolesOf((await place.mustHave('elasticsearch-users')).data['users_roles'] ?? '', 'ingest-b')).toEqual([
        'reviews-ingest',
      ]);
      const { phase, 'previous-ends': end = '' } = await notes();
      expect(phase).toBeUndefined();
      expect(Date.parse(end) - Date.now()).toBeGreaterThan(3_500_000);
      expect(Date.parse(end) - Date.now()).toBeLessThan(3_600_000);

      // The times are over: as if an hour had passed.
      for (const name of names)
        await place.annotate(`elasticsearch-user-${name}`, 'previous-ends', '2020-01-01T00:00:00Z');
      await place.look();
      expect(namesIn(await usersFile())).toEqual(['ingest-b', 'operations-b']);
      expect(await letsIn(next)).toEqual([true, true]);
      expect(Object.keys((await place.mustHave('elasticsearch-user-ingest')).data).sort()).toEqual([
        'password',
        'username',
      ]);
    },
    limit,
  );

  const whole = { SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '0' };

  test(
    'names alternate, and passwords never come back',
    async () => {
      const seen = new Set((await logins()).map(({ password }) => password));
      for (const expected of ['ingest-b', 'ingest', 'ingest-b']) {
        await ask();
        await place.look(whole);
        await place.look(whole);
        expect((await loginOf('ingest')).username).toBe(expected);
        for (const { password } of await logins()) seen.add(password);
      }
      expect(seen.size).toBe(8);
    },
    limit,
  );

  test(
    "asked for while the last one's old logins are still let in, waits for their end",
    async () => {
      await ask();
      await place.look({ SPREAD_SECONDS: '0' });
      const now = await logins();
      const before = await Promise.all(names.map((name) => loginOf(name, 'previous-')));
      await ask();
      expect((await place.look({ SPREAD_SECONDS: '0' })).log).toContain(
        'it begins when the previous logins end, at 20',
      );
      expect(await logins()).toEqual(now);
      expect(await letsIn([...now, ...before])).toEqual([true, true, true, true]);
      expect(await notes()).toMatchObject({ rotate: 'requested' });
    },
    limit,
  );

  test(
    'never takes the name of a login that is still let in, although its notes were changed by hand',
    async () => {
      await ask();
      await place.look({ SPREAD_SECONDS: '0' });
      const before = await Promise.all(names.map((name) => loginOf(name, 'previous-')));
      await place.annotate('elasticsearch-users', 'phase', 'adding');
      expect((await place.look()).log).toContain('still has a previous login: no new one is made');
      expect(await letsIn([...before, ...(await logins())])).toEqual([true, true, true, true]);
    },
    limit,
  );

  test(
    'asked for as "revoke" ends the old logins of the last one now, and its own after the time of spreading',
    async () => {
      await ask();
      await place.look({ SPREAD_SECONDS: '0' });
      const leaked = await Promise.all(names.map((name) => loginOf(name, 'previous-')));
      await ask('revoke');
      await place.look({ SPREAD_SECONDS: '60' });
      expect(await letsIn(leaked)).toEqual([false, false]);
      for (const name of ['elasticsearch-users']) await place.annotate(name, 'since', '2020-01-01T00:00:00Z');
      await place.look({ SPREAD_SECONDS: '60' });
      const { 'previous-ends': end = '' } = await notes();
      expect(Date.parse(end) - Date.now()).toBeLessThan(60_000);
      expect((await loginOf('ingest')).username).toBe('ingest');
    },
    limit,
  );

  test(
    'asked for with another word is refused with the words that are known',
    async () => {
      await ask('yes please');
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({
        code: 1,
        log: expect.stringContaining("must be requested or revoke, but is 'yes please'"),
      });
    },
    limit,
  );

  test(
    'killed after any of its calls, is brought to its end by the next look; ' +
      'what a Secret holds is let in at each moment',
    async () => {
      // The superuser's new password, which is stored once and waits here, is one call of the first rotation only.
      await ask('revoke');
      await place.look(whole);
      let call = 1;
      for (; ; call += 1) {
        const old = await logins();
        await ask('revoke');
        const run = await place.counted(call, whole);
        expect({ call, letIn: await letsIn(await logins()) }).toEqual({ call, letIn: [true, true] });
        if (run.signal === null) break;
        expect({ call, code: (await place.look(whole)).code }).toEqual({ call, code: 0 });
        expect({ call, letIn: await letsIn(await logins()) }).toEqual({ call, letIn: [true, true] });
        const renewed = (await logins()).map(({ username }) => username);
        expect({ call, renewed }).toEqual({
          call,
          renewed: old.map(({ username }) => (username.endsWith('-b') ? username.slice(0, -2) : `${username}-b`)),
        });
      }
      expect(call).toBeGreaterThan(12);
      await place.look(whole);
      expect(namesIn(await usersFile()).length).toBe(2);
      expect(await notes()).not.toHaveProperty('phase');
    },
    4 * limit,
  );

  test(
    'carried out by three at once ends as by one',
    async () => {
      const old = await logins();
      await ask();
      for (let round = 0; round < 3; round += 1) {
        await Promise.all([place.look(whole), place.look(whole), place.look(whole)]);
        expect(await letsIn(await logins())).toEqual([true, true]);
      }
      await place.look(whole);
      expect((await logins()).map(({ username }) => username)).toEqual(old.map(({ username }) => `${username}-b`));
      expect(namesIn(await usersFile()).length).toBe(2);
    },
    limit,
  );

  test(
    "does not wait for a cluster that does not answer: the superuser's new password is kept until it does",
    async () => {
      const { data: before } = await place.mustHave('elasticsearch-user-elastic');
      await ask();
      expect((await place.look(whole)).log).toContain("the password of elastic can't be changed yet (POST");
      const { data, notes: elastic } = await place.mustHave('elasticsearch-user-elastic');
      expect(data).toEqual({ ...before, 'next-password': expect.stringMatching(/^[A-Za-z0-9]{40}$/) });
      expect(elastic['phase']).toBe('changing');
      expect((await loginOf('ingest')).username).toBe('ingest-b');
    },
    limit,
  );
});
