// The superuser's password on its way into the cluster, at a real API server. Elasticsearch is played here, so that
// each of its answers can be provoked; elasticsearch.passwords.test.ts has the real one.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { certificate } from '../support/certificate.ts';
import { type Call, TestServer } from '../support/test-server.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Place, quiet } from './support/place.ts';

const limit = 120_000;
const elastic = 'elasticsearch-user-elastic';

besideCluster('the password of elastic', [], (server) => {
  let place: Place;
  let cluster: TestServer;
  /** What the cluster compares with, and what it has been told to keep. */
  let accepted = '';
  let kept: string[] = [];
  let refusal: { readonly status: number; readonly body?: object } | undefined;

  beforeEach(async () => {
    [accepted, kept, refusal] = ['', [], undefined];
    cluster = await TestServer.start(() => answer);
    place = await Place.make(server());
    place.twoUsers();
    place.env['ELASTICSEARCH_URL'] = `https://localhost:${cluster.port}`;
    await place.putCertificates(certificate().cert);
  }, limit);
  afterEach(() => cluster.stop());

  const answer = ({ method, path, body, login }: Call): { status?: number; body?: object } => {
    if (refusal !== undefined) return refusal;
    if (login !== `elastic:${accepted}`) return { status: 401 };
    if (method === 'POST' && path === '/_security/user/elastic/_password') {
      accepted = (JSON.parse(body) as { password: string }).password;
      kept.push(accepted);
    }
    return {};
  };
  const password = async (): Promise<string> => (await place.mustHave(elastic)).data['password'] ?? '';
  const mark = async (): Promise<string | undefined> => (await place.marker())?.['superuser_stored'];
  /** First start: the Secret is made, and nodes have its password in their keystores. */
  const formedWithSecret = async (): Promise<void> => {
    expect((await place.look()).code).toBe(0);
    accepted = await password();
    await place.formed();
  };

  test(
    'is left alone until the cluster has formed, then stored once and noted; ' +
      'later looks ask nothing but whether it is taken',
    async () => {
      await place.look();
      expect(cluster.calls).toEqual([]);
      await formedWithSecret();
      const { version } = await place.mustHave(elastic);
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({
        code: 0,
        log: expect.stringContaining('the password of elastic is stored in the cluster'),
      });
      expect(kept).toEqual([await password()]);
      expect(await mark()).toMatch(/^20\d\d-/);
      expect((await place.mustHave(elastic)).version).toBe(version);
      expect(await place.look()).toEqual(quiet);
      expect(cluster.of('POST')).toHaveLength(1);
    },
    limit,
  );

  test(
    'is stored within seconds of the forming, not at the next look',
    async () => {
      const { done, complete, end } = place.start({ LOOK_AGAIN_SECONDS: '600' });
      try {
        await place.until(async () => existsSync(complete));
        accepted = await password();
        refusal = { status: 503 };
        await place.formed();
        const formed = Date.now();
        setTimeout(() => (refusal = undefined), 3000);
        await place.until(async () => (await mark()) !== undefined);
        expect(Date.now() - formed).toBeLessThan(20_000);
      } finally {
        end();
      }
      expect((await done).log.match(/can't be stored/g)).toHaveLength(1); // asked several times
    },
    limit,
  );

  test(
    'killed after any call, the next look ends the same',
    async () => {
      await formedWithSecret();
      const { calls } = await place.counted(undefined);
      const first = calls.findIndex((one) => one.includes('_security')) + 1;
      expect(first).toBeGreaterThan(0);
      for (let call = first - 1; call <= calls.length; call += 1) {
        await place.formed();
        kept = [];
        expect((await place.counted(call)).signal).toBe('SIGKILL');
        expect({ call, code: (await place.look()).code }).toEqual({ call, code: 0 });
        expect(new Set(kept)).toEqual(new Set([await password()]));
        expect(await mark()).toBeDefined();
      }
    },
    2 * limit,
  );

  test(
    'of somebody else is stored as it is, and its Secret not touched',
    async () => {
      const theirs = 'a "secret" \\ of ä 2026';
      await place.put(elastic, { username: 'elastic', password: `${theirs}\n` });
      await place.look();
      accepted = theirs;
      await place.formed();
      const { version } = await place.mustHave(elastic);
      expect((await place.look()).code).toBe(0);
      expect(kept).toEqual([theirs]);
      expect((await place.mustHave(elastic)).version).toBe(version);
    },
    limit,
  );

  test.each([
    [401, 'the cluster does not take the password of Secret elasticsearch-user-elastic'],
    [400, 'passwords must be at least [6] characters long'],
    [503, "can't be stored in the cluster yet (POST /_security/user/elastic/_password: HTTP 503 "],
  ])(
    'that the cluster answers with %s is not noted as stored, and the log says why',
    async (status, says) => {
      await formedWithSecret();
      refusal = { status, body: { error: { reason: 'passwords must be at least [6] characters long' } } };
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining(says) });
      expect(log).not.toContain(await password());
      expect(await mark()).toBeUndefined();
    },
    limit,
  );

  test(
    'that cannot be noted is stored once a look, and the log says why',
    async () => {
      await formedWithSecret();
      const path = `namespaces/${place.namespace}/configmaps/elasticsearch-formed`;
      const body = { immutable: true };
      await server().must({ method: 'PATCH', path, type: 'application/merge-patch+json', body });
      const { done, end } = place.start({ LOOK_AGAIN_SECONDS: '600' });
      await place.until(async () => kept.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      end();
      expect((await done).log).toMatch(/cannot note that the password of elastic is stored: PATCH .*immutable/);
      expect(kept).toHaveLength(1);
    },
    limit,
  );

  test(
    'restored from an old backup, is noticed where the cluster has stored ' +
      'another one; a cluster that is down is no fault of it',
    async () => {
      await formedWithSecret();
      await place.look();
      accepted = 'changed since';
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('does not take the password of Secret') });
      refusal = { status: 503 };
      expect(await place.look()).toEqual(quiet);
      expect(kept).toHaveLength(1);
    },
    limit,
  );

  test(
    'rotates also before it was stored, and when the new one was set already',
    async () => {
      await formedWithSecret();
      const old = accepted;
      const env = { SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '0' };
      await place.annotate('elasticsearch-users', 'rotate', 'requested');
      expect((await place.look(env)).code).toBe(0);
      expect(await password()).not.toBe(old);
      expect(accepted).toBe(await password());
      expect(await mark()).toBeDefined();

      refusal = { status: 503 };
      await place.annotate('elasticsearch-users', 'rotate', 'requested');
      await place.look(env);
      const next = (await place.mustHave(elastic)).data['next-password'] ?? '';
      [refusal, accepted] = [undefined, next];
      await place.formed(); // and the note is lost
      expect((await place.look(env)).code).toBe(0);
      expect([await password(), accepted]).toEqual([next, next]);
      expect(await mark()).toBeDefined();
    },
    limit,
  );

  describe('whose Secret is lost', () => {
    test.each([
      [true, 'still has the old password'],
      [false, 'whether it has stored the password is not known'],
    ])(
      'is not replaced, stored: %s, and the log says so with the command of the documents',
      async (isStored, says) => {
        await formedWithSecret();
        if (isStored) await place.look();
        await place.remove(elastic);
        const { code, log } = await place.look();
        expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining(says) });
        expect(await place.secret(elastic)).toBeUndefined();
        const [command = ''] = /kubectl -n \S+ exec [^']+/.exec(log) ?? [];
        expect(command).toContain('--url https://localhost:9200');
        const documented = readFileSync(join(root, 'docs/security.md'), 'utf8').replace(/ \\\n\s*/g, ' ');
        expect(documented).toContain(command.replace(place.namespace, 'reviews'));
      },
      limit,
    );
  });
});

test('no other text advises the tool, or advises it without the address that the certificate names', () => {
  const texts = ['docs/security.md', 'SOLUTION.md', 'README.md', 'base/credentials/program/superuser.ts'].map((file) =>
    readFileSync(join(root, file), 'utf8').replace(/ \\\n\s*/g, ' '),
  );
  const commands = texts.flatMap(
    (text) =>
      text.match(/exec [^\n]*elasticsearch-reset-password[^\n']*|\$\{onANode\} elasticsearch-reset-password[^\n']*/g) ??
      [],
  );
  expect(commands.length).toBeGreaterThan(1);
  expect(commands.filter((command) => !command.includes('--url https://localhost:9200'))).toEqual([]);
});
