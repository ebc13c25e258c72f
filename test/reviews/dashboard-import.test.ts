// Kibana can't run in the test bed. What the import sends is held against its documentation by a server that answers as
// Kibana's API does:
// https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeAuthority, makeCertificates } from './support/elasticsearch.ts';
import { BASE, putCredentials, type Run } from './support/set-up.ts';

const SAVED_OBJECTS = join(BASE, 'dashboard/saved-objects.ndjson');

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let folder: string;
let kibana: Server;
let received: Received[];
/** The answers to come: of the status API, then of the import. */
let answers: { readonly status: number[]; readonly imports: object[] };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kibana-'));
  makeCertificates(folder);
  putCredentials(join(folder, 'user'), 'dashboard', 'secret-1234567890');
  received = [];
  answers = { status: [200], imports: [{ successCount: 9, success: true, warnings: [] }] };
  kibana = createServer(
    { key: readFileSync(join(folder, 'tls.key')), cert: readFileSync(join(folder, 'tls.crt')) },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        received.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
        response.setHeader('content-type', 'application/json');
        if (url === '/api/status')
          response.writeHead(answers.status.shift() ?? 200).end('{"status":{"overall":{"level":"available"}}}');
        else response.end(JSON.stringify(answers.imports.shift() ?? {}));
      });
    },
  );
  await new Promise((resolve) => kibana.listen(0, '127.0.0.1', () => resolve(undefined)));
});
afterEach(() => {
  kibana.close();
  kibana.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const importDashboard = (caFile: string, once: boolean, milliseconds: number): Promise<Run> =>
  new Promise((resolve) => {
    const address = kibana.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = spawn('bash', [join(BASE, 'setup/dashboard.sh')], {
      env: {
        PATH: process.env['PATH'],
        TMPDIR: folder,
        KIBANA_URL: `https://localhost:${port}`,
        CA_FILE: caFile,
        CREDENTIALS: join(folder, 'user'),
        SAVED_OBJECTS,
        LOOK_SECONDS: '0.2',
        ONCE: once ? 'yes' : '',
      },
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), milliseconds);
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout: '', stderr });
    });
  });

test('the import asks as documented: a form with the file, overwriting, with a header against forgery', async () => {
  const run = await importDashboard(join(folder, 'ca.crt'), true, 30_000);
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('dashboard imported') });
  const request = received.at(-1);
  expect(request).toMatchObject({ method: 'POST', url: '/api/saved_objects/_import?overwrite=true' });
  expect(request?.headers).toMatchObject({
    'kbn-xsrf': 'true',
    'content-type': expect.stringContaining('multipart/form-data'),
    authorization: `Basic ${Buffer.from('dashboard:secret-1234567890').toString('base64')}`,
  });
  // Kibana refuses a file of another name.
  expect(request?.body).toContain('name="file"; filename="saved-objects.ndjson"');
  expect(request?.body).toContain(readFileSync(SAVED_OBJECTS, 'utf8'));
}, 60_000);

test('it waits for a Kibana that is not ready, says so once, and imports once', async () => {
  answers = { status: [503, 503, 503, 200], imports: [{ success: true }] };
  const run = await importDashboard(join(folder, 'ca.crt'), false, 8_000);
  expect(run.stderr.match(/waiting for Kibana/g)).toHaveLength(1);
  expect(run.stderr.match(/dashboard imported/g)).toHaveLength(1);
  expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
}, 60_000);

test('it tries again what Kibana did not take, and says what Kibana said', async () => {
  answers = {
    status: [],
    imports: [{ success: false, errors: [{ id: 'reviews', error: { type: 'unsupported_type' } }] }, { success: true }],
  };
  const run = await importDashboard(join(folder, 'ca.crt'), false, 8_000);
  expect(run.stderr).toContain('unsupported_type');
  expect(run.stderr).toContain('dashboard imported');
}, 60_000);

test('it sends no credentials to a server that the authority does not vouch for', async () => {
  const run = await importDashboard(makeAuthority(join(folder, 'stranger')), true, 30_000);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('HTTP 000') });
  expect(received).toEqual([]);
}, 60_000);
