import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeAuthority, type Server } from '../support/elasticsearch.ts';
import { passwordOf, USERS, writeFileRealm } from '../support/file-realm.ts';
import { review, write } from '../support/reviews.ts';
import { BASE, type Mounts, putCredentials, runScript, scriptEnvironment } from '../support/set-up.ts';

export function setUpSuite(given: () => { server: Server; mounts: Mounts }): void {
  describe('the set-up', () => {
    test('applied three times ends the same as applied once', async () => {
      const { server, mounts } = given();
      expect(await runScript(server, mounts, 'setup.sh')).toMatchObject({ code: 0 });
      const once = await stateOf(server);
      expect(await runScript(server, mounts, 'setup.sh')).toMatchObject({ code: 0 });
      expect(await runScript(server, mounts, 'setup.sh')).toMatchObject({ code: 0 });
      expect(await stateOf(server)).toEqual(once);
    });

    test('says that months are not deleted by themselves where the server has no lifecycle policies', async () => {
      const { server, mounts } = given();
      expect((await runScript(server, mounts, 'setup.sh')).stderr).toContain('NOT deleted by themselves');
    });

    test('brings a changed mapping to months that exist, and applied again changes nothing more', async () => {
      const { server, mounts } = given();
      await write(server, [review('M-1', { delivered_at: '2026-10-05T10:00:00Z' })]);
      const mappings = join(mounts.index, 'mappings.json');
      writeFileSync(
        mappings,
        readFileSync(mappings, 'utf8').replace('"properties": {', '"properties": { "courier": { "type": "keyword" },'),
      );
      expect(await runScript(server, mounts, 'setup.sh')).toMatchObject({ code: 0 });
      const changed = await stateOf(server);
      expect(JSON.stringify(await server.client().indices.getMapping({ index: 'reviews-2026.10' }))).toContain(
        '"courier":{"type":"keyword"}',
      );
      await write(server, [{ ...review('M-2', { delivered_at: '2026-10-06T10:00:00Z' }), courier: 'bike' }]);
      expect(await runScript(server, mounts, 'setup.sh')).toMatchObject({ code: 0 });
      expect(await stateOf(server)).toEqual(changed);
    });

    test('reports a change that existing months cannot follow, and is not complete', async () => {
      const { server, mounts } = given();
      const mappings = join(mounts.index, 'mappings.json');
      const good = readFileSync(mappings, 'utf8');
      writeFileSync(mappings, good.replace('"rating": { "type": "byte" }', '"rating": { "type": "keyword" }'));
      const run = await runScript(server, mounts, 'setup.sh');
      writeFileSync(mappings, good);
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('cannot be changed from type [byte] to [keyword]');
      expect(run.stderr).toContain('stands for new months only');
      expect(await runScript(server, mounts, 'setup.sh')).toMatchObject({ code: 0 });
    });

    test('goes on with a replaced password, says when it has no valid one, and stops when told to', async () => {
      const { server, mounts } = given();
      const ready = join(server.folder, 'in-place');
      const config = join(server.folder, 'config');
      const said: string[] = [];
      const child = spawn('bash', [join(BASE, 'setup/setup.sh')], {
        env: {
          ...scriptEnvironment(server, mounts),
          ONCE: '',
          REAPPLY_SECONDS: '1',
          RETRY_SECONDS: '1',
          READY_FILE: ready,
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
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
      const run = await runScript(
        server,
        mounts,
        'setup.sh',
        [],
        { CA_FILE: makeAuthority(join(server.folder, 'stranger')) },
        5_000,
      );
      expect(run.stderr).not.toContain('all in place');
      expect(run.stderr).toContain('waiting for the cluster: HTTP 000');
      expect(run.stderr).toMatch(/certificate/);
    });
  });
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

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 240; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it did not happen within two minutes');
}
