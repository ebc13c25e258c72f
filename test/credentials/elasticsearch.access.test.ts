// Who is let in by a real Elasticsearch with what the scripts make, and to what; and that whoever trusts the bundle is
// let in while a new authority comes.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { agentOf, everything, privilegesOfAgents } from './support/agent-rights.ts';
import { besideCluster } from './support/beside-cluster.ts';
import type { Node } from './support/elasticsearch.ts';
import { clientOf, mountedFrom, nodeOf } from './support/mounted.ts';
import { Place } from './support/place.ts';
import { health, rights } from './support/rights.ts';

const limit = 400_000;

const review = (id: string): string =>
  `{"create":{"_index":"reviews-2026.11","_id":"${id}"}}\n{"text":"The parcel was wet","customer_id":"C1"}\n`;

besideCluster('at a real Elasticsearch', [elasticsearch], (server) => {
  let place: Place;
  let node: Node;
  const { login, certificates, bundle } = mountedFrom(() => place);
  const { status, knows } = clientOf(() => node, bundle);

  beforeAll(async () => {
    place = await Place.make(server());
    node = await nodeOf(place);
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
  afterAll(() => node?.stop());

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

  /** What each of an agent's questions came to, as a user with these privileges; undefined: the agent's own. */
  const asAgent = async (privileges?: readonly string[]): Promise<Map<string, string>> => {
    const ca = await bundle();
    let who = await login('operations');
    if (privileges !== undefined) {
      who = { username: 'tried', password: 'a-password' };
      const elastic = await login('elastic');
      for (const [path, body] of [
        ['/_security/role/tried', { cluster: privileges }],
        ['/_security/user/tried', { password: who.password, roles: ['tried'] }],
      ] as const) {
        const answer = await node.send({ method: 'PUT', path, body, login: elastic, ca });
        if (answer.status !== 200) throw new Error(`PUT ${path}: ${answer.body}`);
      }
    }
    const answers = new Map<string, string>();
    for (const [does, act] of everything) {
      const answer = await act(agentOf(node, who, ca));
      answers.set(does, answer.ok ? 'good' : answer.trouble);
    }
    return answers;
  };

  test(
    'the agents are answered all that they ask, and do all that they do',
    async () => expect(await asAgent()).toEqual(new Map(everything.map(([does]) => [does, 'good']))),
    limit,
  );

  test.each(privilegesOfAgents())(
    'the agents could not do without %s',
    async (privilege) => {
      const answers = await asAgent(privilegesOfAgents().filter((one) => one !== privilege));
      const came = new Set(answers.values());
      expect(came).toContain('forbidden');
      expect([...came].filter((answer) => answer !== 'forbidden' && answer !== 'good')).toEqual([]);
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
    'with the login of Kibana a template of its own makes months readable that begin then, and none that is there',
    async () => {
      const [kibana, ingest, elastic] = [await login('kibana'), await login('ingest'), await login('elastic')];
      const template = {
        index_patterns: ['reviews-2031*'],
        priority: 9999,
        template: { aliases: { 'logs.taken': {} } },
      };
      expect(await status(kibana, ['', 'PUT', '/_index_template/of-a-thief', template, 200])).toBe(200);
      const line = `{"create":{"_index":"reviews-2031.01","_id":"R-1"}}\n{"text":"wet","customer_id":"C1"}\n`;
      const written = await node.send({
        method: 'POST',
        path: '/_bulk?refresh=true',
        body: line,
        login: ingest,
        ca: await bundle(),
      });
      const answer = await node.send({
        method: 'POST',
        path: '/logs.taken/_search',
        body: {},
        login: kibana,
        ca: await bundle(),
      });
      for (const path of ['/reviews-2031.01', '/_index_template/of-a-thief'])
        await status(elastic, ['', 'DELETE', path, undefined, 200]);
      expect({ written: /"status":201/.test(written.body), status: answer.status, body: answer.body }).toEqual({
        written: true,
        status: 200,
        body: expect.stringContaining('"customer_id":"C1"'),
      });
      const add = { actions: [{ add: { index: 'reviews-2026.11', alias: 'logs.taken' } }] };
      expect(await status(kibana, ['', 'POST', '/_aliases', add, 403])).toBe(403);
      expect(await status(kibana, ['', 'POST', '/reviews-2026.11/_search', {}, 403])).toBe(403);
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
