// A client of the set-up's programs in front of a server that answers as a test wants.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asUser, type Send } from '../../../base/lib/user.ts';
import { certificate } from '../../support/certificate.ts';
import { type Handler, TestServer } from '../../support/test-server.ts';

export interface Asked {
  readonly server: TestServer;
  /** No question takes longer than half a second. */
  readonly send: Send;
  /** What a program needs to ask this server, as user u. */
  readonly files: { readonly authority: string; readonly login: string; readonly folder: string };
  readonly stop: () => Promise<void>;
}

const LARGEST = 100_000;

/** An answer that is not what was asked for, whatever was. */
export const BAD_ANSWERS: readonly (readonly [string, object, string])[] = [
  ['cut after its head', { cut: 0 }, 'no-answer'],
  ['cut in its middle', { cut: 9 }, 'no-answer'],
  ['late', { delay: 1000 }, 'no-answer'],
  ['empty', { body: '' }, 'not-understood'],
  ['an empty object', { body: '{}' }, 'not-understood'],
  ['a list', { body: '[]' }, 'not-understood'],
  ['null', { body: 'null' }, 'not-understood'],
  ['a page of a proxy', { body: '<html>all well</html>' }, 'not-understood'],
  ['huge', { body: `{"acknowledged":true,"x":"${'x'.repeat(LARGEST)}"}` }, 'not-understood'],
  ['unknown user', { status: 401, body: { error: { type: 'security_exception', reason: 'no' } } }, 'forbidden'],
  ['forbidden', { status: 403, body: { error: { type: 'security_exception', reason: 'no' } } }, 'forbidden'],
  ['not there', { status: 404, body: {} }, 'absent'],
  ['too busy', { status: 429, body: {} }, 'busy'],
  ['broken', { status: 500, body: {} }, 'busy'],
  ['without a master', { status: 503, body: { error: { type: 'master_not_discovered_exception' } } }, 'busy'],
];

export const asked = async (handler: () => Handler): Promise<Asked> => {
  const folder = mkdtempSync(join(tmpdir(), 'asked-'));
  const login = join(folder, 'login');
  mkdirSync(login);
  writeFileSync(join(folder, 'ca.crt'), certificate().cert);
  writeFileSync(join(login, 'username'), 'u');
  writeFileSync(join(login, 'password'), 'secret-1234567890');
  const server = await TestServer.start(handler);
  const send = asUser({ host: 'localhost', port: server.port, authority: folder, login, largestAnswer: LARGEST });
  return {
    server,
    send: (method, path, seconds, ...rest) => send(method, path, Math.min(seconds, 0.5), ...rest),
    files: { authority: join(folder, 'ca.crt'), login, folder },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
