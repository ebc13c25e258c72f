// Only a whole answer is one. The server is a real one over TLS, and writes what a network or a sick server may.
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../base/lib/answer.ts';
import { errorType, exchange, type Question, type Reply, understood } from '../../base/lib/http.ts';
import { certificate } from '../support/certificate.ts';
import { TlsServer } from '../support/tls-server.ts';

let server: TlsServer;
beforeEach(async () => {
  server = await TlsServer.start();
});
afterEach(() => server.stop());

const ask = (changes: Partial<Question> = {}, largest?: number): Promise<Answer<Reply>> =>
  exchange(
    {
      method: 'GET',
      host: '127.0.0.1',
      port: server.port,
      serverName: 'localhost',
      path: '/_cluster/state?filter_path=a',
      headers: {},
      authority: certificate().cert,
      seconds: 5,
      ...changes,
    },
    largest,
  );

const trouble = (answer: Answer<unknown>): string => (answer.ok ? 'ok' : answer.trouble);

const body = '{"status":"green","of":["elasticsearch-0","ä"]}';
const length = Buffer.byteLength(body);
const withLength = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
const cut = Math.floor(length / 2);
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
  `${chunk(body.slice(0, cut))}${chunk(body.slice(cut))}0\r\n\r\n`;

describe.each([
  ['with a length', withLength],
  ['in chunks', chunked],
])('an answer %s', (_, whole) => {
  const bytes = Buffer.from(whole);

  test('counts when it is whole', async () => {
    server.writer = (socket) => socket.end(bytes);
    expect(await ask()).toEqual({ ok: true, value: { status: 200, text: body } });
  });

  test.each([
    ['ends', false],
    ['breaks', true],
  ])('is no answer when the connection %s, after whatever byte', async (_how, breaks) => {
    let at = 0;
    server.writer = (socket) => socket.write(bytes.subarray(0, at), () => (breaks ? socket.destroy() : socket.end()));
    const wrong: string[] = [];
    for (at = 0; at < bytes.length; at += 1) {
      const said = trouble(await ask());
      if (said !== 'no-answer') wrong.push(`${at}: ${said}`);
    }
    expect(wrong).toEqual([]);
  });

  test('is no answer when it stalls before its last byte', async () => {
    server.writer = (socket) => socket.write(bytes.subarray(0, -1));
    const begin = Date.now();
    expect(await ask({ seconds: 0.3 })).toEqual({
      ok: false,
      trouble: 'no-answer',
      detail: 'GET /_cluster/state: no whole answer within 0.3 s',
    });
    expect(Date.now() - begin).toBeLessThan(2000);
  });

  test('is no answer when its bytes come one by one for longer than the deadline', async () => {
    server.writer = (socket) => {
      let sent = 0;
      const timer = setInterval(() => {
        socket.write(bytes.subarray(sent, (sent += 1)));
        if (sent === bytes.length) clearInterval(timer);
      }, 20);
      socket.on('close', () => clearInterval(timer));
    };
    expect(trouble(await ask({ seconds: 0.5 }))).toBe('no-answer');
  });
});

test('an answer that breaks off is told apart from none, and from one that is late', async () => {
  server.writer = (socket) => socket.end(withLength.slice(0, -1));
  expect(await ask()).toMatchObject({ trouble: 'no-answer', cut: true });
  server.writer = (socket) => socket.destroy();
  expect(await ask()).not.toHaveProperty('cut');
});

test('an answer that does not say where it ends is not understood: one that was cut would look the same', async () => {
  server.writer = (socket) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${body}`);
  expect(trouble(await ask())).toBe('not-understood');
});

test('an answer larger than the limit is not understood, and ends at once', async () => {
  server.writer = (socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n${'x'.repeat(5000)}`);
  expect(await ask({}, 4096)).toMatchObject({ trouble: 'not-understood', detail: expect.stringContaining('4096') });
});

test.each([
  ['not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['not UTF-8', Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n'), Buffer.from([0xff])])],
])('an answer that is %s is not understood', async (_, bytes) => {
  server.writer = (socket) => socket.end(bytes);
  expect(trouble(await ask())).toBe('not-understood');
});

describe('who answers', () => {
  test('nobody: the port is closed', async () => {
    const { port } = server;
    await server.stop();
    expect(await ask({ port })).toEqual({
      ok: false,
      trouble: 'not-listening',
      detail: 'GET /_cluster/state: ECONNREFUSED',
    });
    server = await TlsServer.start();
  });

  test('somebody who accepts, and never speaks', async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(trouble(await ask({ port, seconds: 0.3 }))).toBe('no-answer');
    await new Promise((resolve) => silent.close(resolve));
  });

  test('somebody whose certificate another authority has signed', async () => {
    expect(await ask({ authority: '' })).toMatchObject({ trouble: 'not-understood' });
  });

  test('somebody whose certificate names another host', async () => {
    expect(await ask({ serverName: 'elasticsearch' })).toMatchObject({
      trouble: 'not-understood',
      detail: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  test('a name that nobody knows', async () => {
    expect(trouble(await ask({ host: 'nobody.invalid' }))).toBe('no-answer');
  });
});

test('what cannot be sent is refused, without the secret that is in it', async () => {
  const answer = await ask({ headers: { authorization: 'Bearer one\ntwo' } });
  expect(answer).toMatchObject({ trouble: 'refused' });
  expect(JSON.stringify(answer)).not.toMatch(/one|two/);
});

test('a body is sent with its length in bytes', async () => {
  server.writer = (socket) => socket.end(withLength);
  await ask({ method: 'PUT', body: '{"ä":1}' });
  expect(server.heads[0]).toMatch(/^PUT .*content-length: 8\r\n/is);
});

describe('a whole answer with the status', () => {
  const said = (status: number, text = '{}'): string => trouble(understood('GET /', { status, text }));

  test.each([
    [200, 'ok'],
    [201, 'ok'],
    [302, 'not-understood'],
    [400, 'refused'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'absent'],
    [408, 'busy'],
    [409, 'conflict'],
    [422, 'refused'],
    [429, 'busy'],
    [500, 'busy'],
    [502, 'busy'],
    [503, 'busy'],
    [504, 'busy'],
  ])('%i is %s', (status, expected) => expect(said(status)).toBe(expected));

  test.each(['', '{"a":', 'elasticsearch-0\n', '<html>'])('200 and %j is not understood', (text) =>
    expect(said(200, text)).toBe('not-understood'),
  );

  test.each([
    [
      'of Elasticsearch',
      '{"error":{"type":"illegal_argument_exception","reason":"no such node"},"status":400}',
      'GET /: HTTP 400 illegal_argument_exception: no such node',
    ],
    ['of the API server', '{"kind":"Status","message":"it is full"}', 'GET /: HTTP 400 it is full'],
    ['that is no JSON', '<html>', 'GET /: HTTP 400'],
    ['that is long', `{"message":"${'x'.repeat(9000)}"}`, `GET /: HTTP 400 ${'x'.repeat(500)} …`],
  ])('other than 2xx: what the answer says is told, %s', (_, text, detail) =>
    expect(understood('GET /', { status: 400, text })).toEqual({ ok: false, trouble: 'refused', detail }),
  );

  test.each([
    ['{"error":{"type":"master_not_discovered_exception"}}', 'master_not_discovered_exception'],
    ['{"error":"text"}', ''],
    ['[]', ''],
    ['', ''],
  ])('the type of the error in %j is %j', (text, type) => expect(errorType(text)).toBe(type));
});
