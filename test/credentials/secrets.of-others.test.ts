// Secrets that somebody else makes, in place of those of the program: used, never changed, and refused where they would
// lock somebody out.
import { describe, expect, test } from '@jest/globals';
import { besideCluster } from './support/beside-cluster.ts';
import { Place } from './support/place.ts';
import { accepts, namesIn, rolesOf } from './support/users-file.ts';

const limit = 120_000;

besideCluster('at a real API server', [], (server) => {
  let place: Place;

  const fresh = async (): Promise<void> => {
    place = await Place.make(server());
    await place.putCertificates();
  };

  test(
    'one that somebody else makes at the last moment wins, as a new one and as a changed one',
    async () => {
      await fresh();
      place.twoUsers();
      const theirs = { username: 'shop', password: 'made in between' };
      const { log } = await place.heldBefore('elasticsearch-user-ingest', () =>
        place.put('elasticsearch-user-ingest', theirs),
      );
      expect(log).toContain('Secret elasticsearch-user-ingest was made by another meanwhile');
      expect((await place.mustHave('elasticsearch-user-ingest')).data).toEqual(theirs);
      expect(
        accepts((await place.mustHave('elasticsearch-users')).data['users'] ?? '', 'shop', 'made in between'),
      ).toBe(true);

      await place.annotate('elasticsearch-users', 'rotate', 'requested');
      const changed = await place.heldBefore('elasticsearch-user-operations', () =>
        place.patch('elasticsearch-user-operations', { stringData: { password: 'a person was here' } }),
      );
      expect(changed.log).toMatch(/did not change Secret elasticsearch-user-operations: PATCH .*: HTTP 409/);
      expect((await place.mustHave('elasticsearch-user-operations')).data).toEqual({
        username: 'operations',
        password: 'a person was here',
      });
    },
    limit,
  );

  describe('Secrets that somebody else makes', () => {
    test(
      'are used and never changed; a password replaced there arrives with the next look',
      async () => {
        await fresh();
        place.twoUsers();
        // With the line end that an editor leaves behind.
        await place.put('elasticsearch-user-ingest', { username: 'shop', password: 'a "secret" \\ of 2026\n' });
        const { version } = await place.mustHave('elasticsearch-user-ingest');
        expect((await place.look()).code).toBe(0);
        const users = async (): Promise<string> => (await place.mustHave('elasticsearch-users')).data['users'] ?? '';
        expect(accepts(await users(), 'shop', 'a "secret" \\ of 2026')).toBe(true);
        expect((await place.mustHave('elasticsearch-user-ingest')).version).toBe(version);
        await place.patch('elasticsearch-user-ingest', { stringData: { password: 'another' } });
        expect((await place.look()).code).toBe(0);
        expect(accepts(await users(), 'shop', 'another')).toBe(true);
        expect(namesIn(await users())).toEqual(['operations', 'shop']);
      },
      limit,
    );

    test(
      'may bring an overlap of their own: the next and the previous login are let in too',
      async () => {
        await fresh();
        place.twoUsers();
        const logins = {
          username: 'two',
          password: 'two!',
          'next-username': 'three',
          'next-password': 'three!',
          'previous-username': 'one',
          'previous-password': 'one!',
        };
        await place.put('elasticsearch-user-ingest', logins);
        expect((await place.look()).code).toBe(0);
        const { users = '', users_roles: roles = '' } = (await place.mustHave('elasticsearch-users')).data;
        for (const name of ['one', 'two', 'three']) {
          expect(accepts(users, name, `${name}!`)).toBe(true);
          expect(rolesOf(roles, name)).toEqual(['reviews-ingest']);
        }
      },
      limit,
    );

    test(
      'are told by a single value that another wrote',
      async () => {
        await fresh();
        place.twoUsers();
        await place.look();
        await place.patch('elasticsearch-user-ingest', { stringData: { password: 'chosen by a person' } });
        await place.annotate('elasticsearch-users', 'rotate', 'requested');
        const { version } = await place.mustHave('elasticsearch-user-ingest');
        const { code, log } = await place.look();
        expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining('left alone: ingest') });
        expect((await place.mustHave('elasticsearch-user-ingest')).version).toBe(version);
        expect((await place.mustHave('elasticsearch-users')).notes['left-alone']).toBe('ingest');
      },
      limit,
    );

    test.each([
      ['without a password', { username: 'shop' }, 'lacks username or password'],
      ['with a name that would end the line', { username: 'shop:x', password: 'secret' }, 'must be of letters'],
      ['with the name of a built-in user', { username: 'kibana_system', password: 'secret' }, 'built-in user'],
      [
        'with the name of another user',
        { username: 'operations', password: 'secret' },
        'the name operations belongs to elasticsearch-user-operations',
      ],
    ])(
      '%s lock nobody out, and the log says what is wrong',
      async (_, data, says) => {
        await fresh();
        place.twoUsers();
        await place.look();
        const before = (await place.mustHave('elasticsearch-users')).data;
        await place.remove('elasticsearch-user-ingest');
        await place.put('elasticsearch-user-ingest', data);
        const { code, log } = await place.look();
        expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining(says) });
        expect((await place.mustHave('elasticsearch-users')).data).toEqual(before);
      },
      limit,
    );

    test(
      'may be the users file itself',
      async () => {
        await fresh();
        place.twoUsers();
        await place.put(
          'elasticsearch-users',
          { users: 'x:y', users_roles: 'a:x' },
          { 'delivery-reviews.dev/rotate': 'requested' },
        );
        const { version } = await place.mustHave('elasticsearch-users');
        expect((await place.look()).log).toContain('Secret elasticsearch-users was made by somebody else');
        expect((await place.mustHave('elasticsearch-users')).version).toBe(version);
      },
      limit,
    );
  });
});
