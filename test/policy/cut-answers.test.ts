// curl tells the status of an answer also where the rest of it never came. In every script of the pods that goes by the
// status, such an answer is none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { certificate } from '../support/certificate.ts';
import { TestServer } from '../support/test-server.ts';

let folder: string;
let server: TestServer;
let cut: number | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cut-'));
  const files = { 'ca.crt': certificate().cert, token: 't', namespace: 'reviews', username: 'elastic', password: 'p' };
  mkdirSync(join(folder, 'mounted'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'mounted', name), text);
  writeFileSync(join(folder, 'authority.crt'), certificate().cert);
  server = await TestServer.start(() => () => ({
    body: '{"hits":{"total":{"value":3}}}',
    ...(cut === undefined ? {} : { cut }),
  }));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['credentials/scripts/lib.sh', 'call GET secrets/elasticsearch-tls; echo "$code"'],
  ['credentials/scripts/superuser.sh', 'as_elastic mounted/password GET /; echo "$code"'],
])('%s', async (script, command) => {
  const status = async (): Promise<string> => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      SERVICE_ACCOUNT_DIR: join(folder, 'mounted'),
      CA_FILE: join(folder, 'mounted/ca.crt'),
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(server.port),
      ELASTICSEARCH_URL: `https://127.0.0.1:${server.port}`,
    };
    const sourced = `. "${join(root, 'base', script)}"; ${command}`;
    const done = await run('bash', ['-uc', sourced], { cwd: folder, env, seconds: 20 });
    return done.stdout.trim();
  };
  cut = undefined;
  expect(await status()).toBe('200');
  for (cut of [0, 1, 29]) expect(await status()).toBe('000');
});
