import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asUser } from '../../../base/lib/user.ts';
import { elasticsearch } from '../../../base/reviews/setup/elasticsearch.ts';
import { makeAuthority, type Server } from '../support/elasticsearch.ts';
import { passwordOf, USERS, writeFileRealm } from '../support/file-realm.ts';
import { messagesOf, until } from '../support/programs.ts';
import { removeAll, review, write } from '../support/reviews.ts';
import { type Mounts, putCredentials, setUp, setUpEnvironment } from '../support/set-up.ts';

export function setUpSuite(given: () => { server: Server; mounts: Mounts }): void {
  describe('the set-up', () => {
    test('applied three times ends the same as applied once', async () => {
      const { server, mounts } = given();
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      const once = await stateOf(server);
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      expect(await stateOf(server)).toEqual(once);
    });

    test('counts what is written, as its user, and no review twice', async () => {
      const { server, mounts } = given();
      await removeAll(server);
      const { hostname: host, port } = new URL(server.url);
      const login = join(mounts.users, 'setup');
      const authority = join(mounts.users, 'authority');
      mkdirSync(authority, { recursive: true });
      copyFileSync(server.caFile, join(authority, 'ca.crt'));
      const time = { clock: () => 0, sleep: (seconds: number) => wait(seconds * 1000) };
      const { written } = elasticsearch(asUser({ host, port: Number(port), authority, login }), time);
      expect(await written()).toEqual({ ok: true, value: 0 });
      await write(server, [
        review('W-1'),
        review('W-2', { delivered_at: '2026-10-05T10:00:00Z' }),
        review('W-3', { delivered_at: '2026-10-06T10:00:00Z' }),
      ]);
      expect(await written()).toEqual({ ok: true, value: 3 });
      await expect(write(server, [review('W-1')])).rejects.toThrow('version_conflict');
      expect(await written()).toEqual({ ok: true, value: 3 });
      await removeAll(server);
    });

    test('says that months are not deleted by themselves where the server has no lifecycle policies', async () => {
      const { server, mounts } = given();
      const said = messagesOf((await setUp(server, mounts)).stdout);
      expect(said).toContain('NOT deleted by themselves');
      expect(said).toContain('all in place');
    });

    test('brings a changed mapping to months that exist, and applied again changes nothing more', async () => {
      const { server, mounts } = given();
      await write(server, [review('M-1', { delivered_at: '2026-10-05T10:00:00Z' })]);
      const mappings = join(mounts.index, 'mappings.json');
      writeFileSync(
        mappings,
        readFileSync(mappings, 'utf8').replace('"properties": {', '"properties": { "courier": { "type": "keyword" },'),
      );
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      const changed = await stateOf(server);
      expect(await mappingOf(server, 'reviews-2026.10')).toContain('"courier":{"type":"keyword"}');
      await write(server, [{ ...review('M-2', { delivered_at: '2026-10-06T10:00:00Z' }), courier: 'bike' }]);
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      expect(await stateOf(server)).toEqual(changed);
    });

    test('reports a change that existing months cannot follow, and is not complete', async () => {
      const { server, mounts } = given();
      const run = await withMapping(mounts, '"rating": { "type": "byte" }', '"rating": { "type": "keyword" }', () =>
        setUp(server, mounts),
      );
      expect(run.code).toBe(1);
      const said = messagesOf(run.stdout);
      expect(said).toContain('cannot be changed from type [byte] to [keyword]');
      expect(said).toContain('stands for new months only');
      expect(said).toContain('PUT /reviews-2026.10/_mapping');
      expect(existsSync(join(server.folder, 'ready'))).toBe(false);
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      expect(existsSync(join(server.folder, 'ready'))).toBe(true);
    });

    describe('where a month is not as the others', () => {
      const odd = 'reviews-2026.08';
      const other = 'reviews-2026.09';
      const months = (server: Server): Promise<void> =>
        write(server, [
          review('O-1', { delivered_at: '2026-08-05T10:00:00Z' }),
          review('O-2', { delivered_at: '2026-09-05T10:00:00Z' }),
        ]);
      const withField = (mounts: Mounts, name: string, run: () => Promise<unknown>): Promise<unknown> =>
        withMapping(mounts, '"properties": {', `"properties": { "${name}": { "type": "keyword" },`, run);
      beforeEach(() => removeAll(given().server));
      afterEach(async () => {
        const client = given().server.client();
        await client.indices.putSettings({ index: odd, settings: { 'index.blocks.metadata': false } });
        await client.indices.open({ index: odd });
        await removeAll(given().server);
      });

      test('one that is closed follows, too', async () => {
        const { server, mounts } = given();
        await months(server);
        await server.client().indices.close({ index: odd });
        await withField(mounts, 'closed', async () =>
          expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 })),
        );
        for (const month of [odd, other])
          expect(await mappingOf(server, month)).toContain('"closed":{"type":"keyword"}');
      });

      test('one whose metadata is blocked is named, and the others follow', async () => {
        const { server, mounts } = given();
        await months(server);
        const settings = { 'index.blocks.metadata': true };
        await server.client().indices.putSettings({ index: odd, settings });
        await withField(mounts, 'blocked', async () => {
          const run = await setUp(server, mounts);
          expect(run.code).toBe(1);
          expect(messagesOf(run.stdout)).toMatch(/not all in place.*1 of 2 .*index \[reviews-2026\.08\] blocked by/);
        });
        expect(existsSync(join(server.folder, 'ready'))).toBe(false);
        expect(await mappingOf(server, other)).toContain('"blocked":{"type":"keyword"}');
        await server.client().indices.putSettings({ index: odd, settings: { 'index.blocks.metadata': false } });
        expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      });
    });

    test('goes on with a replaced password, says when it has no valid one, and stops when told to', async () => {
      const { server, mounts } = given();
      const ready = join(server.folder, 'in-place');
      const config = join(server.folder, 'config');
      const said: string[] = [];
      const child = mounts.programs.start('setup.ts', {
        ...setUpEnvironment(server, mounts),
        ONCE: '',
        REAPPLY_SECONDS: '1',
        RETRY_SECONDS: '1',
        READY_FILE: ready,
      });
      child.stdout?.on('data', (text: Buffer) => said.push(text.toString()));
      const ended = new Promise((resolve) => child.once('close', resolve));
      try {
        await until(() => existsSync(ready));
        // The password changes in the cluster, and later in the pod's folder: in between the set-up is not ready, and
        // says why.
        writeFileRealm(config, { ...USERS, setup: { role: 'reviews-setup', password: 'replaced-1234567890' } });
        await until(() => said.join('').includes('unable to authenticate user [setup]') && !existsSync(ready));
        putCredentials(join(mounts.users, 'setup'), 'setup', 'replaced-1234567890');
        await until(() => existsSync(ready));
      } finally {
        const told = Date.now();
        child.kill('SIGTERM');
        await ended;
        expect(Date.now() - told).toBeLessThan(3_000);
        putCredentials(join(mounts.users, 'setup'), 'setup', passwordOf('setup'));
        writeFileRealm(config);
      }
    });

    test('sends no password to a server that another authority vouches for', async () => {
      const { server, mounts } = given();
      const stranger = { CA_FILE: makeAuthority(join(server.folder, 'stranger')) };
      const run = await setUp(server, mounts, stranger, 5);
      const said = messagesOf(run.stdout);
      expect(said).not.toContain('all in place');
      expect(said).toMatch(/^waiting for the cluster: GET \/_cluster\/health: .*(?:CERT|SIGNATURE)/);
    });
  });
}

/** Puts the file back afterwards. */
async function withMapping<Result>(
  { index }: Mounts,
  search: string,
  replacement: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const mappings = join(index, 'mappings.json');
  const good = readFileSync(mappings, 'utf8');
  const changed = good.replace(search, replacement);
  expect(changed).not.toBe(good);
  writeFileSync(mappings, changed);
  try {
    return await run();
  } finally {
    writeFileSync(mappings, good);
  }
}

async function mappingOf(server: Server, index: string): Promise<string> {
  const path = `/${index}/_mapping?expand_wildcards=all`;
  return JSON.stringify(await server.client().transport.request({ method: 'GET', path }));
}

/** All that the set-up is responsible for, as the server tells it. */
async function stateOf(server: Server): Promise<unknown> {
  const client = server.client();
  const paths = [
    '_index_template/reviews-*',
    '_component_template/reviews-*',
    '_ingest/pipeline/reviews-by-month',
    'reviews-*/_mapping',
    'reviews-*/_settings',
  ];
  return Promise.all(paths.map((path) => client.transport.request({ method: 'GET', path: `/${path}` })));
}
