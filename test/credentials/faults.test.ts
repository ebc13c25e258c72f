// What the API server may answer, or not: one Secret that can't be read stops nothing else.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer, Call } from '../support/test-server.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Place } from './support/place.ts';
import { accepts, namesIn } from './support/users-file.ts';

const limit = 120_000;

/** What a call for this Secret gets instead of an answer of the API server. */
const instead =
  (answer: Answer, method: string, ...secrets: readonly string[]) =>
  (call: Call): Answer | undefined =>
    call.method === method && secrets.some((name) => call.path.split('?')[0]?.endsWith(`/${name}`) === true)
      ? answer
      : undefined;

besideCluster('at a real API server', [], (server) => {
  let place: Place;

  beforeEach(async () => {
    place = await Place.ofTwoUsers(server());
  }, limit);

  const ingest = 'elasticsearch-user-ingest';
  const users = async (): Promise<string> => (await place.mustHave('elasticsearch-users')).data['users'] ?? '';

  describe.each<[string, Answer, RegExp]>([
    [
      'forbidden',
      { status: 403, body: { message: 'not yours' } },
      /HTTP 403 not yours \(does the Role credentials name it/,
    ],
    ['an error', { status: 500, body: { message: 'cannot decrypt' } }, /HTTP 500 cannot decrypt/],
    ['cut', { body: { kind: 'Secret', metadata: { name: ingest } }, cut: 9 }, /broke off/],
    ['empty', { body: '' }, /not JSON/],
    ['huge', { body: 'x'.repeat(5_000_000) }, /more than 2097152 bytes/],
    [
      'another object',
      { body: { kind: 'Secret', metadata: { name: 'x' } } },
      /not about Secret elasticsearch-user-ingest/,
    ],
    [
      'not text',
      { body: { kind: 'Secret', metadata: { name: ingest, resourceVersion: '1' }, data: { a: 1 } } },
      /data\.a/,
    ],
    ['too late', { delay: 30_000 }, /no whole answer within/],
  ])('where the answer about one Secret is %s', (_, answer, says) => {
    const disturbed = { answer: instead(answer, 'GET', ingest) };

    test(
      'all others are made, it is neither made nor left out silently, and the look is not whole',
      async () => {
        const { code, warnings } = await place.watched(disturbed, { LOOK_SECONDS: '60' });
        expect({ code, warnings }).toEqual({ code: 1, warnings: [expect.stringMatching(says)] });
        expect(warnings[0]).toContain(`cannot read Secret ${ingest}`);
        expect(Object.keys(await place.versions()).sort()).toEqual([
          'elasticsearch-tls',
          'elasticsearch-user-elastic',
          'elasticsearch-user-operations',
          'elasticsearch-users',
          'kibana-encryption-keys',
          'kibana-tls',
        ]);
        expect(namesIn(await users())).toEqual(['operations']);
      },
      limit,
    );

    test(
      'nobody is locked out',
      async () => {
        expect((await place.look()).code).toBe(0);
        const { data } = await place.mustHave(ingest);
        await place.remove('elasticsearch-user-operations');
        expect((await place.watched(disturbed, { LOOK_SECONDS: '60' })).code).toBe(1);
        expect(accepts(await users(), 'ingest', data['password'] ?? '')).toBe(true);
        const { data: other } = await place.mustHave('elasticsearch-user-operations');
        expect(accepts(await users(), 'operations', other['password'] ?? '')).toBe(true);
      },
      limit,
    );
  });

  describe('a rotation', () => {
    const forbidden = { answer: instead({ status: 403 }, 'GET', ingest) };
    const notes = async (): Promise<Readonly<Record<string, string>>> =>
      (await place.mustHave('elasticsearch-users')).notes;
    const login = async (name: string): Promise<string> =>
      (await place.mustHave(`elasticsearch-user-${name}`)).data['username'] ?? '';

    beforeEach(async () => {
      place.env['ELASTICSEARCH_URL'] = 'https://127.0.0.1:1';
      await place.look();
      await place.annotate('elasticsearch-users', 'rotate', 'requested');
    }, limit);

    test(
      'waits for a Secret that cannot be read, for the time of the spreading and no longer, and names it then',
      async () => {
        const waiting = await place.watched(forbidden, { SPREAD_SECONDS: '600' });
        expect(waiting.log).toMatch(/rotation: waits for the Secrets of ingest, until 20\S+Z at most/);
        expect(await notes()).toMatchObject({ phase: 'adding' });
        const done = await place.watched(forbidden, { SPREAD_SECONDS: '0' });
        expect(done.log).toContain('could not be read or changed, and left out: ingest');
        expect(await notes()).toMatchObject({ 'left-out': 'ingest' });
        expect(await notes()).not.toHaveProperty('phase');
        expect([await login('operations'), await login('ingest')]).toEqual(['operations-b', 'ingest']);
        expect(namesIn(await users()).sort()).toEqual(['ingest', 'operations', 'operations-b']);
        expect((await place.look()).code).toBe(0);
      },
      limit,
    );

    test(
      'waits again when logins are handed out; whoever is left out then keeps a login that is let in',
      async () => {
        await place.look({ SPREAD_SECONDS: '600' });
        await place.annotate('elasticsearch-users', 'since', '2020-01-01T00:00:00Z');
        await place.watched(forbidden, { SPREAD_SECONDS: '600' });
        expect([await login('operations'), await login('ingest')]).toEqual(['operations-b', 'ingest']);
        expect(await notes()).toMatchObject({ 'left-out': 'ingest' });
        expect((await place.look()).code).toBe(0);
        expect(namesIn(await users()).sort()).toEqual(['ingest', 'ingest-b', 'operations', 'operations-b']);
        // What was left may have leaked with the rest: a revocation hands out another one.
        const { data } = await place.mustHave(ingest);
        await place.annotate('elasticsearch-users', 'rotate', 'revoke');
        await place.look({ SPREAD_SECONDS: '0' });
        const revoked = (await place.mustHave(ingest)).data;
        expect(revoked['username']).toBe('ingest-c');
        expect([data['password'], data['next-password']]).not.toContain(revoked['password']);
        expect(accepts(await users(), 'ingest-c', revoked['password'] ?? '')).toBe(true);
        expect(namesIn(await users())).not.toContain('ingest-b');
        expect(await notes()).not.toHaveProperty('left-out');
      },
      limit,
    );
  });

  test(
    'a token that the API server does not know is no fault of the Role',
    async () => {
      place.write('account/token', 'of-an-account-that-was-made-anew');
      const { code, warnings } = await place.look();
      expect(code).toBe(1);
      expect(warnings.length).toBeGreaterThan(0);
      for (const warning of warnings) {
        expect(warning).toMatch(/^cannot read .*: HTTP 401 Unauthorized/);
        expect(warning).not.toContain('Role');
      }
    },
    limit,
  );

  test(
    'nothing that depends on what cannot be read is made or changed',
    async () => {
      const { code, warnings } = await place.watched({
        answer: instead({ status: 403 }, 'GET', 'elasticsearch-formed', 'elasticsearch-users'),
      });
      expect({ code, warnings }).toEqual({
        code: 1,
        warnings: [expect.stringMatching(/cannot read/), expect.stringMatching(/cannot read/)],
      });
      expect(Object.keys(await place.versions()).sort()).toEqual([
        'elasticsearch-tls',
        'elasticsearch-user-ingest',
        'elasticsearch-user-operations',
        'kibana-tls',
      ]);
    },
    limit,
  );

  test(
    'one Secret that may not be written stops no other',
    async () => {
      const { code, warnings } = await place.watched({ answer: instead({ status: 403 }, 'PATCH', ingest) });
      expect({ code, warnings }).toEqual({
        code: 1,
        warnings: [expect.stringContaining(`cannot make Secret ${ingest}`)],
      });
      expect(namesIn(await users())).toEqual(['operations']);
    },
    limit,
  );
});
