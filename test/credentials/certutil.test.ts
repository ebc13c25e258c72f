// The container that runs elasticsearch-certutil, and the program that asks it, over the folder that they share. The
// tool is played here, so that it can hang, fail and be killed; the other tests have the real one.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { certutilIn } from '../../base/credentials/program/certutil.ts';
import type { Pair } from '../../base/credentials/program/ports.ts';
import { base } from './support/place.ts';

const limit = 60_000;

let folder = '';
let helper: ChildProcess | undefined;

const path = (...parts: string[]): string => join(folder, ...parts);
const shared = (...parts: string[]): string => path('shared', ...parts);

/** What stands for the tool, in bash. */
const tool = (script: string): void => {
  writeFileSync(path('bin/elasticsearch-certutil'), `#!/bin/bash\n${script}\n`);
  chmodSync(path('bin/elasticsearch-certutil'), 0o755);
};

/** As the tool makes them: a folder with a certificate and a key, which are words here. */
const ZIPS = {
  ca:
    'UEsDBBQAAAAIAMOwgV0AAAAAAgAAAAAAAAADAAAAY2EvAwBQSwMEFAAAAAgAw7CBXZUMCkwQAAAADgAAAAkAAABjYS9jYS5jcnRL' +
    'Ti0qyUzLTE4sSVVITgQAUEsDBBQAAAAIAMOwgV1bZjzYCAAAAAYAAAAJAAAAY2EvY2Eua2V5y06tVEhOBABQSwECFAMUAAAACADD' +
    'sIFdAAAAAAIAAAAAAAAAAwAAAAAAAAAAABAA/UEAAAAAY2EvUEsBAhQDFAAAAAgAw7CBXZUMCkwQAAAADgAAAAkAAAAAAAAAAAAA' +
    'AIABIwAAAGNhL2NhLmNydFBLAQIUAxQAAAAIAMOwgV1bZjzYCAAAAAYAAAAJAAAAAAAAAAAAAACAAVoAAABjYS9jYS5rZXlQSwUG' +
    'AAAAAAMAAwCfAAAAiQAAAAAA',
  tls:
    'UEsDBBQAAAAIAMOwgV0AAAAAAgAAAAAAAAAEAAAAdGxzLwMAUEsDBBQAAAAIAMOwgV10aeA3EQAAAA8AAAALAAAAdGxzL3Rscy5j' +
    'cnRLTi0qyUzLTE4sSVUoySkGAFBLAwQUAAAACADDsIFdqbCoSwkAAAAHAAAACwAAAHRscy90bHMua2V5y06tVCjJKQYAUEsBAhQD' +
    'FAAAAAgAw7CBXQAAAAACAAAAAAAAAAQAAAAAAAAAAAAQAP1BAAAAAHRscy9QSwECFAMUAAAACADDsIFddGngNxEAAAAPAAAACwAA' +
    'AAAAAAAAAAAAgAEkAAAAdGxzL3Rscy5jcnRQSwECFAMUAAAACADDsIFdqbCoSwkAAAAHAAAACwAAAAAAAAAAAAAAgAFeAAAAdGxz' +
    'L3Rscy5rZXlQSwUGAAAAAAMAAwCkAAAAkAAAAAAA',
};

/** A zip as the tool makes one, and a note of how it was called. */
const GOOD = 'echo "$*" >> "$HOME/called"; name=tls; [ "$1" != ca ] || name=ca; base64 -d "$HOME/$name" > "${@: -1}"';

const start = (seconds = 20): void => {
  helper = spawn('bash', [join(base, 'scripts/certutil.sh')], {
    env: {
      PATH: `${path('bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      CERTUTIL: shared(),
      CERTUTIL_SECONDS: String(seconds),
    },
    stdio: 'inherit',
    detached: true,
  });
};

const kill = async (): Promise<void> => {
  if (helper?.pid === undefined || helper.exitCode !== null || helper.signalCode !== null) return;
  const ended = new Promise((resolve) => helper?.once('close', resolve));
  process.kill(-helper.pid, 'SIGKILL');
  await ended;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certutil-'));
  mkdirSync(path('bin'));
  for (const [name, zip] of Object.entries(ZIPS)) writeFileSync(path(name), zip);
});
afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

const made = { ok: true, value: { certificate: 'certificate ca', key: 'key ca' } };
const signer: Pair = { certificate: 'the authority', key: 'SECRET' };
const client = (seconds = 20, left = 50) => certutilIn(shared(), seconds, () => left);
const left = (): string[] => ['asking', 'asked', 'working', 'answered'].flatMap((one) => readdirSync(shared(one)));
const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; !holds() && i < 300; i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(holds()).toBe(true);
};

test(
  'an authority and a certificate are made, no key is among the arguments, and nothing is left behind',
  async () => {
    tool(GOOD);
    start();
    expect(await client().authority(30, 'CN=delivery-reviews reviews 2026-12-01T10:00:00')).toEqual(made);
    expect(await client().certificate(7, ['localhost', '*.nodes.reviews.svc'], signer)).toEqual({
      ok: true,
      value: { certificate: 'certificate tls', key: 'key tls' },
    });
    const called = readFileSync(path('called'), 'utf8')
      .replaceAll(/\S*\/working\/[^/ ]+/g, 'FOLDER')
      .split('\n');
    expect(called).toEqual([
      'ca --days 30 --ca-dn CN=delivery-reviews reviews 2026-12-01T10:00:00 --silent --pem --out FOLDER/made.zip',
      'cert --days 7 --name tls --dns localhost,*.nodes.reviews.svc --ca-cert FOLDER/ca.crt --ca-key FOLDER/ca.key ' +
        '--silent --pem --out FOLDER/made.zip',
      '',
    ]);
    expect(left()).toEqual([]);
  },
  limit,
);

test.each([
  ['another action', ['csr', '30', 'CN=x']],
  ['no number of days', ['ca', '30 --pass', 'CN=x']],
  ['days that are none', ['ca', '0', 'CN=x']],
  ['a subject that holds more than one name', ['ca', '30', 'CN=x,OU=y']],
  ['a subject that would be an option', ['ca', '30', '--keep-ca-key']],
  ['names that would be a command', ['cert', '30', '$(touch x)']],
  ['names in upper case', ['cert', '30', 'Localhost']],
  ['nothing', []],
])(
  'is not made of a request with %s',
  async (_, words) => {
    tool(GOOD);
    start();
    await until(() => existsSync(shared('asked')));
    mkdirSync(shared('one'));
    writeFileSync(shared('one/arguments'), words.map((word) => `${word}\n`).join(''));
    spawn('mv', [shared('one'), shared('asked/one')]);
    await until(() => existsSync(shared('answered/one/code')));
    expect(readFileSync(shared('answered/one/code'), 'utf8')).toBe('2\n');
    expect(readFileSync(shared('answered/one/said'), 'utf8')).toContain('does not know this request');
    expect(existsSync(path('called'))).toBe(false);
  },
  limit,
);

describe('a tool that', () => {
  test.each([
    ['hangs', 'sleep 1000', 'ended with 124 (it did not end within 3 s)'],
    ['hangs and hears no signal', "trap '' TERM; sleep 1000 & wait; sleep 1000", 'ended with 137 (killed'],
    [
      'is killed, as for want of memory',
      'kill -KILL $$',
      'ended with 137 (killed: it did not end, or had too little memory)',
    ],
    ['fails', 'echo "Exception: no"; echo more >&2; exit 74', 'ended with 74: Exception: no more'],
    ['makes nothing', 'exit 0', 'ended with 9'],
    ['makes half a file', 'head -c 100 /dev/urandom > "${@: -1}"', 'ended with 9'],
  ])(
    '%s, is said so, and the next request is served',
    async (_, script, says) => {
      tool(script);
      start(3);
      const answer = await client(3).authority(30, 'CN=x');
      expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining(says) });
      tool(GOOD);
      expect(await client().authority(30, 'CN=x')).toEqual(made);
      expect(left()).toEqual([]);
    },
    limit,
  );
});

test(
  'where nobody answers, that is said in time, and the request is taken back',
  async () => {
    mkdirSync(shared(), { recursive: true });
    const begin = Date.now();
    const answer = await client(60, 1).authority(30, 'CN=x');
    expect(answer).toMatchObject({ ok: false, detail: 'elasticsearch-certutil gave no answer within 1 s' });
    expect(Date.now() - begin).toBeLessThan(20_000);
    for (const name of ['asking', 'asked', 'answered']) expect(readdirSync(shared(name))).toEqual([]);
  },
  limit,
);

test(
  'a container that was killed in the middle forgets that request when it starts again, and serves the next',
  async () => {
    tool('touch "$HOME/begun"; sleep 1000');
    start();
    const first = client(60, 3).authority(30, 'CN=x');
    await until(() => existsSync(path('begun')));
    expect(readdirSync(shared('working'))).toHaveLength(1);
    await kill();
    expect(await first).toMatchObject({ ok: false, trouble: 'no-answer' });
    tool(GOOD);
    start();
    expect(await client().authority(30, 'CN=x')).toEqual(made);
    expect(left()).toEqual([]);
  },
  limit,
);

test(
  'a program that was killed while it waited leaves keys behind, which the next one takes away',
  async () => {
    for (const name of ['asking', 'asked', 'answered']) {
      mkdirSync(shared(name, 'of-before'), { recursive: true });
      writeFileSync(shared(name, 'of-before/ca.key'), 'SECRET');
    }
    tool(GOOD);
    const answer = client().authority(30, 'CN=x');
    await until(() => !existsSync(shared('answered/of-before')));
    start();
    expect(await answer).toEqual(made);
    expect(left()).toEqual([]);
    expect(readFileSync(path('called'), 'utf8').split('\n')).toHaveLength(2);
  },
  limit,
);

test(
  'an answer that comes when nobody waits any more is taken away at the next look',
  async () => {
    tool(`touch "$HOME/begun"; while [ ! -e "$HOME/go" ]; do sleep 0.1; done; ${GOOD}`);
    start();
    const late = client(60, 3).authority(30, 'CN=x');
    await until(() => existsSync(path('begun')));
    expect(await late).toMatchObject({ ok: false, trouble: 'no-answer' });
    writeFileSync(path('go'), '');
    await until(() => readdirSync(shared('answered')).length === 1);
    await client().forget();
    expect(left()).toEqual([]);
  },
  limit,
);

test(
  'it ends when it is told to',
  async () => {
    start();
    await until(() => existsSync(shared('asked')));
    const ended = new Promise((resolve) => helper?.once('close', resolve));
    helper?.kill('SIGTERM');
    expect(await ended).toBe(0);
  },
  limit,
);
