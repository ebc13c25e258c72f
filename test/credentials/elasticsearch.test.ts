// What the scripts make, in the hands of a real Elasticsearch: logins, rights, a rotation and a new authority while it
// serves.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rolesOfTheBase } from '../support/roles.ts';
import { ApiServer, hasApiServer } from './support/api-server.ts';
import { toolsFolder } from './support/certificates.ts';
import { type Files, type Login, Node } from './support/elasticsearch.ts';
import { Place } from './support/place.ts';

const limit = 400_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const review = (id: string): string =>
  `{"create":{"_index":"reviews-2026.11","_id":"${id}"}}\n{"text":"The parcel was wet","customer_id":"C1"}\n`;

type Attempt = readonly [does: string, method: string, path: string, body: string | object | undefined, status: number];
const search: Attempt = ['search', 'POST', '/reviews/_search', { query: { match_all: {} } }, 403];
const read: Attempt = ['read one', 'GET', '/reviews-2026.11/_doc/R-1', undefined, 403];
const remove: Attempt = ['delete one', 'DELETE', '/reviews-2026.11/_doc/R-1', undefined, 403];
const removeMonth: Attempt = ['delete a month', 'DELETE', '/reviews-2026.11', undefined, 403];
const write: Attempt = ['write one', 'PUT', '/reviews-2026.11/_doc/R-9', { text: 'x' }, 403];
const users: Attempt = ['see users', 'GET', '/_security/user', undefined, 403];
const settings: Attempt = [
  'change settings of the cluster',
  'PUT',
  '/_cluster/settings',
  { persistent: { 'cluster.routing.allocation.exclude._name': '' } },
  403,
];
const health: Attempt = ['see the health', 'GET', '/_cluster/health', undefined, 403];
const may = ([does, method, path, body]: Attempt, status = 200): Attempt => [does, method, path, body, status];

/** All that each user may, and the nearest that it may not. */
const rights: Readonly<Record<string, readonly Attempt[]>> = {
  operations: [may(health), may(settings), search, read, write, remove, removeMonth, users],
  ingest: [search, read, write, remove, removeMonth, users, settings, health],
  search: [may(search), write, remove, removeMonth, users, settings],
  analyst: [may(search), may(read), write, remove, removeMonth, users],
  monitoring: [
    may(health),
    ['count documents', 'GET', '/_all/_stats/docs', undefined, 200],
    ['see nodes', 'GET', '/_nodes/stats', undefined, 200],
    ['see snapshots', 'GET', '/_snapshot', undefined, 200],
    search,
    read,
    write,
    remove,
    users,
    settings,
  ],
  setup: [
    may(health),
    ['write a template', 'PUT', '/_index_template/t', { index_patterns: ['reviews-x*'] }, 200],
    ['write a pipeline', 'PUT', '/_ingest/pipeline/p', { processors: [] }, 200],
    ['make a month', 'PUT', '/reviews-2026.12', {}, 200],
    ['change settings of a month', 'PUT', '/reviews-2026.12/_settings', { index: { refresh_interval: '1s' } }, 200],
    [
      'change the mapping of a month',
      'PUT',
      '/reviews-2026.12/_mapping',
      { properties: { hub: { type: 'keyword' } } },
      200,
    ],
    // The lifecycle policy deletes old months with the rights of the user that stored it.
    ['delete a month of its own', 'DELETE', '/reviews-2026.12', undefined, 200],
    ['make another index', 'PUT', '/parcels', {}, 403],
    search,
    read,
    write,
    remove,
    users,
    settings,
  ],
  dashboard: [search, read, write, removeMonth, users, health],
  kibana: [may(health), search, read, write, remove, users],
  erase: [write, removeMonth, users, settings, health, may(search), may(read), may(remove)],
};

(hasApiServer && toolsFolder !== undefined ? describe : describe.skip)('at a real Elasticsearch', () => {
  let server: ApiServer;
  let place: Place;
  let node: Node;

  const data = async (name: string): Promise<Files> => (await place.mustHave(name)).data;
  const login = async (name: string): Promise<Login> => {
    const { username = '', password = '' } = await data(`elasticsearch-user-${name}`);
    return { username, password };
  };
  const access = async (): Promise<Files> => {
    const { users: file = '', users_roles: roles = '' } = await data('elasticsearch-users');
    return { users: file, users_roles: roles };
  };
  const certificates = async (): Promise<Files> =>
    Object.fromEntries(
      Object.entries(await data('elasticsearch-tls')).map(([key, text]) => [`certificates/${key}`, text]),
    );
  const bundle = async (): Promise<string> => (await data('elasticsearch-tls'))['ca.crt'] ?? '';
  const status = async (who: Login | undefined, [, method, path, body]: Attempt): Promise<number> =>
    (
      await node.send({
        method,
        path,
        ca: await bundle(),
        ...(body === undefined ? {} : { body }),
        ...(who === undefined ? {} : { login: who }),
      })
    ).status;
  /** What a rotation of the superuser alone needs; the node has not read this users file. */
  const fewUsers = (): Record<string, string> => {
    place.twoUsers();
    return { USERS_TABLE: place.env['USERS_TABLE'] ?? '', SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '0' };
  };
  const knows = async (who: Login): Promise<boolean> =>
    (await status(who, ['', 'GET', '/_security/_authenticate', undefined, 200])) === 200;

  beforeAll(async () => {
    server = await ApiServer.start();
    place = await Place.make(server);
    Object.assign(place.env, { MAKE_CERTIFICATES: 'yes', PATH: `${toolsFolder}:${place.env['PATH'] ?? ''}` });
    expect((await place.look()).code).toBe(0);
    const home = join(toolsFolder ?? '', '..');
    node = await Node.start(
      home,
      { ...(await access()), ...(await certificates()), 'roles.yml': rolesOfTheBase() },
      await login('elastic'),
    );
    place.env['ELASTICSEARCH_URL'] = `https://localhost:${node.port}`;
    const first = await node.send({
      method: 'POST',
      path: '/_bulk?refresh=true',
      body: review('R-1'),
      login: await login('elastic'),
      ca: await bundle(),
    });
    expect(first.body).toContain('"errors":false');
    await node.send({
      method: 'POST',
      path: '/_aliases',
      body: { actions: [{ add: { index: 'reviews-2026.11', alias: 'reviews' } }] },
      login: await login('elastic'),
      ca: await bundle(),
    });
  }, limit);
  afterAll(async () => {
    await node?.stop();
    await server?.stop();
  });

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
    'nobody is let in without a password, or with a wrong one',
    async () => {
      expect(await status(undefined, health)).toBe(401);
      expect(await status({ username: 'search', password: 'wrong' }, health)).toBe(401);
    },
    limit,
  );

  test(
    'the users of Kibana have their rights there, and no others',
    async () => {
      const applications = async (name: string): Promise<unknown> => {
        const { body } = await node.send({
          path: '/_security/user/_privileges',
          login: await login(name),
          ca: await bundle(),
        });
        return (JSON.parse(body) as { applications: unknown }).applications;
      };
      expect(await applications('dashboard')).toEqual([
        { application: 'kibana-.kibana', privileges: ['space_all'], resources: ['space:default'] },
      ]);
      expect(await applications('analyst')).toEqual([
        { application: 'kibana-.kibana', privileges: ['read'], resources: ['*'] },
      ]);
      expect(await applications('search')).toEqual([]);
    },
    limit,
  );

  test.each(Object.entries(rights))(
    '%s may do its task and nothing else',
    async (name, attempts) => {
      const who = await login(name);
      expect(await knows(who)).toBe(true);
      const answers: string[] = [];
      for (const attempt of attempts) answers.push(`${attempt[0]}: ${await status(who, attempt)}`);
      expect(answers).toEqual(attempts.map(([does, , , , expected]) => `${does}: ${expected}`));
    },
    limit,
  );

  test(
    'the ingest user appends reviews, and cannot replace or delete one in a bulk request',
    async () => {
      const who = await login('ingest');
      const bulk = async (body: string): Promise<string> =>
        (await node.send({ method: 'POST', path: '/_bulk', body, login: who, ca: await bundle() })).body;
      expect(await bulk(review('R-2'))).toMatch(/"status":201/);
      expect(await bulk(`{"index":{"_index":"reviews-2026.11","_id":"R-2"}}\n{"text":"x"}\n`)).toMatch(/"status":403/);
      expect(await bulk(`{"delete":{"_index":"reviews-2026.11","_id":"R-2"}}\n`)).toMatch(/"status":403/);
      expect(await bulk(`{"create":{"_index":"parcels","_id":"1"}}\n{"text":"x"}\n`)).toMatch(/"status":403/);
    },
    limit,
  );

  test(
    'a rotation: programs that read their Secret anew at each request ' +
      'never get a 401, although everything arrives late',
    async () => {
      const names = ['operations', 'search', 'monitoring'];
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

  test(
    'a new authority, while it serves: whoever trusts the bundle is answered all the time, and the certificate ' +
      'is another one without a restart',
    async () => {
      const who = await login('search');
      const certificate = async (): Promise<string> => {
        const answer = await node.send({ path: '/_security/_authenticate', login: who, ca: await bundle() });
        expect(answer.status).toBe(200);
        return answer.certificate;
      };
      const first = await certificate();
      await place.annotate('elasticsearch-ca', 'rotate', 'requested');
      for (let step = 0; step < 4; step += 1) {
        await place.look({ KEEP_PREVIOUS_SECONDS: '0' });
        node.bring(await certificates());
        for (let second = 0; second < 12; second += 1) {
          await certificate();
          await pause(1000);
        }
      }
      expect(await certificate()).not.toBe(first);
      expect((await bundle()).match(/BEGIN/g)?.length).toBe(1);
    },
    limit,
  );
});
