// Kibana can't run in the test bed. What the import sends is held against its documentation by a server that answers as
// Kibana's API does:
// https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Finished } from '../../scripts/lib/process.ts';
import { freePort } from '../support/free-port.ts';
import { makeAuthority, makeCertificates } from './support/elasticsearch.ts';
import { BASE, linesOf, messagesOf, Programs, until } from './support/programs.ts';
import { putCredentials } from './support/set-up.ts';

jest.setTimeout(120_000);

const SAVED_OBJECTS = join(BASE, 'dashboard/saved-objects.ndjson');
const AVAILABLE = '{"status":{"overall":{"level":"available"}}}';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

interface Answer {
  readonly status?: number;
  readonly body: string | object;
  /** So many bytes of it are sent, of all that were promised. */
  readonly cut?: number;
}

let programs: Programs;
let folder: string;
let kibana: Server;
let received: Received[];
/** The answers to come: of the status API, then of the import. */
let answers: { readonly status: Answer[]; readonly imports: Answer[] };

beforeAll(async () => {
  programs = await Programs.create();
}, 260_000);
afterAll(() => programs.remove());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kibana-'));
  makeCertificates(folder);
  putCredentials(join(folder, 'user'), 'dashboard', 'secret-1234567890');
  received = [];
  answers = { status: [], imports: [{ body: { successCount: 9, success: true, warnings: [] } }] };
  kibana = createServer(
    { key: readFileSync(join(folder, 'tls.key')), cert: readFileSync(join(folder, 'tls.crt')) },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        received.push({ method, url, headers, body: Buffer.concat(chunks) });
        const of = url === '/api/status' ? answers.status : answers.imports;
        const { status = 200, body, cut } = of.shift() ?? { body: url === '/api/status' ? AVAILABLE : {} };
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
        if (cut === undefined) response.end(text);
        else response.write(text.slice(0, cut), () => response.destroy());
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

const environment = (once: boolean): Record<string, string> => {
  const address = kibana.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    KIBANA_URL: `https://localhost:${port}`,
    CA_FILE: join(folder, 'ca.crt'),
    CREDENTIALS: join(folder, 'user'),
    SAVED_OBJECTS,
    LOOK_SECONDS: '1',
    ONCE: once ? 'yes' : '',
  };
};

const importOnce = (changes: Readonly<Record<string, string>> = {}): Promise<Finished> =>
  programs.run('dashboard.ts', { ...environment(true), ...changes }, { seconds: 100 });

/** As in the container of a Deployment: what it has said until it was told to stop, which is no failure. */
const importUntil = async (condition: (said: string) => boolean): Promise<string> => {
  const child = programs.start('dashboard.ts', environment(false));
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(() => condition(said));
    // It has nothing more to do, and stays.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }
  return messagesOf(said);
};

test('a Prometheus reads whether Kibana can work, also when all is imported', async () => {
  const port = await freePort();
  let told = '';
  const look = setInterval(
    () =>
      void fetch(`http://127.0.0.1:${port}/metrics`)
        .then((answer) => answer.text())
        .then(
          (text) => (told = text),
          () => (told = ''),
        ),
    100,
  );
  const says = (value: number): boolean => told.includes(`\nreviews_kibana_available ${value}\n`);
  const child = programs.start('dashboard.ts', { ...environment(false), METRICS_PORT: String(port) });
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(() => says(1));
    await until(() => received.some(({ url }) => url !== '/api/status'));
    const down: Answer = { status: 503, body: '{"status":{"overall":{"level":"unavailable"}}}' };
    answers.status.push(...Array.from({ length: 5 }, () => down));
    await until(() => says(0));
    await until(() => says(1));
    // And a person reads why not.
    await until(() => /dashboard imported[^]*503[^]*Kibana can work/.test(said));
  } finally {
    clearInterval(look);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }
});

test('the import asks as documented: a form with the file, overwriting, with a header against forgery', async () => {
  const run = await importOnce();
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('dashboard imported'), stderr: '' });
  expect(linesOf(run.stdout).map((line) => line['process.name'])).toEqual(['dashboard']);
  const request = received.at(-1);
  expect(request).toMatchObject({ method: 'POST', url: '/api/saved_objects/_import?overwrite=true' });
  expect(request?.headers).toMatchObject({
    'kbn-xsrf': 'true',
    'content-type': expect.stringContaining('multipart/form-data'),
    authorization: `Basic ${Buffer.from('dashboard:secret-1234567890').toString('base64')}`,
  });
  // Kibana refuses a file of another name.
  expect(request?.body.toString('utf8')).toContain('name="file"; filename="saved-objects.ndjson"');
  expect(request?.body.toString('utf8')).toContain(readFileSync(SAVED_OBJECTS, 'utf8'));
  const headers = { 'content-type': String(request?.headers['content-type']) };
  const file = (await new Response(request?.body.toString('utf8') ?? '', { headers }).formData()).get('file');
  if (!(file instanceof Blob)) throw new Error('no file');
  expect(Buffer.from(await file.arrayBuffer())).toEqual(readFileSync(SAVED_OBJECTS));
});

test('it waits for a Kibana that is not ready, says so once, and imports once', async () => {
  const away = { status: 503, body: '{"status":{"overall":{"level":"unavailable"}}}' };
  answers = { status: [away, away, away], imports: [{ body: { success: true } }] };
  const said = await importUntil((so) => so.includes('imported'));
  expect(said.match(/waiting for Kibana/g)).toHaveLength(1);
  expect(said.match(/dashboard imported/g)).toHaveLength(1);
  expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('it tries again what Kibana did not take, and says what Kibana said', async () => {
  const refused = { success: false, errors: [{ id: 'reviews', error: { type: 'unsupported_type' } }] };
  answers = { status: [], imports: [{ body: refused }, { body: { success: true } }] };
  const said = await importUntil((so) => so.includes('dashboard imported'));
  expect(said).toContain('unsupported_type');
});

test('it sends no credentials to a server that the authority does not vouch for', async () => {
  const run = await importOnce({ CA_FILE: makeAuthority(join(folder, 'stranger')) });
  expect(run.code).toBe(1);
  expect(messagesOf(run.stdout)).toMatch(/^waiting for Kibana .*: GET \/api\/status: .*(?:CERT|SIGNATURE)/);
  expect(received).toEqual([]);
});

describe('nothing counts as imported', () => {
  const success = { successCount: 9, success: true };
  test.each<[string, Answer]>([
    ['cut', { body: success, cut: 5 }],
    ['empty', { body: '' }],
    ['a page of a proxy', { body: '<html>"success":true</html>' }],
    ['of another form', { body: { success: 'true' } }],
    ['forbidden', { status: 403, body: { message: 'no' } }],
    ['too busy', { status: 429, body: success }],
  ])('after an answer that is %s', async (_, answer) => {
    answers = { status: [], imports: [answer] };
    const run = await importOnce();
    expect(run.code).toBe(1);
    expect(messagesOf(run.stdout)).toMatch(/^the dashboard was not imported: POST \/api\/saved_objects\/_import: /);
    expect(run.stdout).not.toContain('secret-1234567890');
  });

  test.each<[string, Answer]>([
    ['cut', { body: AVAILABLE, cut: 5 }],
    ['a page of a proxy', { body: '<html>welcome</html>' }],
    ['not about Kibana', { body: { status: 'green' } }],
  ])('and nothing is sent after a status that is %s', async (_, answer) => {
    answers = { status: [answer], imports: [] };
    const run = await importOnce();
    expect(run.code).toBe(1);
    expect(messagesOf(run.stdout)).toMatch(/^waiting for Kibana/);
    expect(received.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('where the file is not there', async () => {
    const run = await importOnce({ SAVED_OBJECTS: join(folder, 'none.ndjson') });
    expect(run.code).toBe(1);
    expect(messagesOf(run.stdout)).toContain('none.ndjson cannot be read');
  });

  test('where the login is not there yet, and says so', async () => {
    rmSync(join(folder, 'user'), { recursive: true });
    const run = await importOnce();
    expect(run.code).toBe(1);
    expect(messagesOf(run.stdout)).toContain('no credentials in');
    expect(received).toEqual([]);
  });
});
