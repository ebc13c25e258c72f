// Passwords that the scripts make and rotate, in the hands of a real Elasticsearch: the superuser's, which the cluster
// stores, and those of users, which it reads from a file.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { besideCluster } from './support/beside-cluster.ts';
import type { Login, Node } from './support/elasticsearch.ts';
import { clientOf, mountedFrom, nodeOf } from './support/mounted.ts';
import { Place } from './support/place.ts';

const limit = 600_000;

besideCluster('at a real Elasticsearch', [elasticsearch], (server) => {
  let place: Place;
  let node: Node;
  const { login, access, bundle } = mountedFrom(() => place);
  const { status, knows } = clientOf(() => node, bundle);
  /** What a rotation of the superuser alone needs; the node has not read this users file. */
  const fewUsers = (): Record<string, string> => {
    place.twoUsers();
    return { USERS_TABLE: place.env['USERS_TABLE'] ?? '', SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '0' };
  };

  // One cluster, in which each test goes on from where the one before has left the passwords.
  beforeAll(async () => {
    place = await Place.make(server());
    node = await nodeOf(place);
  }, limit);
  afterAll(() => node?.stop());

  test(
    "the superuser's password is only compared with until it is stored: then a " +
      'node that is made anew without its Secret takes it',
    async () => {
      const elastic = await login('elastic');
      const operations = await login('operations');
      expect(await knows(elastic)).toBe(true);
      await node.startAnew(await bundle(), operations, {});
      expect(await knows(elastic)).toBe(false);
      await node.startAnew(await bundle(), elastic, { password: elastic.password });
      await place.formed();
      expect((await place.look()).log).toContain('the password of elastic is stored in the cluster');
      await node.startAnew(await bundle(), operations, { stored: true });
      expect(await knows(elastic)).toBe(true);
      expect(await knows({ ...elastic, password: 'another' })).toBe(false);
    },
    limit,
  );

  test(
    'a rotation: programs that read their Secret anew at each request ' +
      'never get a 401, although everything arrives late',
    async () => {
      const names = ['operations', 'search', 'analyst'];
      const mounted = new Map<string, Login>();
      for (const name of names) mounted.set(name, await login(name));
      const before = new Map(mounted);
      const answers: number[] = [];
      const over = new AbortController();
      // As the kubelet and Elasticsearch do: what changed arrives up to 8 seconds later, elsewhere at another moment,
      // and is read within 5 more.
      const late = async (): Promise<void> => {
        while (!over.signal.aborted) {
          const [file, logins] = [
            await access(),
            await Promise.all(names.map(async (name) => [name, await login(name)] as const)),
          ];
          setTimeout(() => node.bring(file), 8000 * Math.random());
          for (const [name, one] of logins) setTimeout(() => mounted.set(name, one), 8000 * Math.random());
          await pause(8000);
        }
      };
      const requests = async (name: string): Promise<void> => {
        while (!over.signal.aborted) {
          const who = mounted.get(name);
          if (who !== undefined)
            answers.push(await status(who, ['', 'GET', '/_security/_authenticate', undefined, 200]));
          await pause(100);
        }
      };
      const background = [late(), ...names.map(requests)];
      try {
        await place.annotate('elasticsearch-users', 'rotate', 'requested');
        const env = { SPREAD_SECONDS: '24', KEEP_PREVIOUS_SECONDS: '24' };
        const end = Date.now() + 200_000;
        for (let done = false; !done && Date.now() < end; await pause(2000)) {
          await place.look(env);
          const { notes } = await place.mustHave('elasticsearch-users');
          done = notes['rotated'] !== undefined && Date.parse(notes['previous-ends'] ?? '') < Date.now();
        }
        await place.look(env);
        await pause(16_000);
      } finally {
        over.abort();
        await Promise.all(background);
      }
      expect(answers.filter((one) => one !== 200)).toEqual([]);
      expect(answers.length).toBeGreaterThan(100);
      for (const name of names) {
        expect(mounted.get(name)?.username).toBe(`${name}-b`);
        expect(await knows(mounted.get(name) as Login)).toBe(true);
        expect(await knows(before.get(name) as Login)).toBe(false);
      }
    },
    limit,
  );

  test(
    'the superuser got a new password by the same rotation, through the cluster',
    async () => {
      const { notes, data: elastic } = await place.mustHave('elasticsearch-user-elastic');
      expect(Object.keys(elastic).sort()).toEqual(['password', 'username']);
      expect(notes).not.toHaveProperty('phase');
      expect(await knows(await login('elastic'))).toBe(true);
    },
    limit,
  );

  test(
    "killed after any call of changing the superuser's password, the Secret " +
      'tells the password again after the next look',
    async () => {
      const few = fewUsers();
      await place.annotate('elasticsearch-users', 'rotate', 'revoke');
      const { calls } = await place.counted(undefined, few);
      const first = calls.findIndex((one) => one.includes('_security')) + 1;
      expect(first).toBeGreaterThan(0);
      // The new password is stored, set, and said.
      for (let call = first - 3; call <= calls.length; call += 1) {
        const old = await login('elastic');
        await place.annotate('elasticsearch-users', 'rotate', 'revoke');
        expect((await place.counted(call, few)).signal).toBe('SIGKILL');
        expect((await place.look(few)).code).toBe(0);
        expect({ call, knows: await knows(await login('elastic')) }).toEqual({ call, knows: true });
        expect(await login('elastic')).not.toEqual(old);
      }
    },
    limit,
  );

  test(
    'a password of the superuser that nobody knows is not guessed: the log says what to do',
    async () => {
      const known = await login('elastic');
      await place.annotate('elasticsearch-users', 'rotate', 'requested');
      await place.look({ ...fewUsers(), ELASTICSEARCH_URL: 'https://localhost:1' });
      await node.send({
        method: 'POST',
        path: '/_security/user/elastic/_password',
        body: { password: 'set-by-hand' },
        login: known,
        ca: await bundle(),
      });
      const { code, log } = await place.look(fewUsers());
      expect({ code, log }).toEqual({
        code: 1,
        log: expect.stringContaining('takes neither the password nor the next-password'),
      });
    },
    limit,
  );
});
