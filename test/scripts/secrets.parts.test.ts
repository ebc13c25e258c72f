// Which Secrets are saved, what a file of them must be, and what a restore would do; and the encryption, as the
// commands use it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ISecret } from 'kubernetes-models/v1';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { committedManifests } from '../../scripts/lib/render/committed.ts';
import { recipientsIn } from '../../scripts/lib/secrets/encrypted.ts';
import { asObject, chooseSecrets, namesToSave, parseSaved, planRestore } from '../../scripts/lib/secrets/saved.ts';
import { lastWord, restoredIn, restoredText } from '../../scripts/lib/snapshots/program.ts';

const secret = (name: string, data: Record<string, string>, more: object = {}): ISecret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: {
    name,
    uid: 'u',
    resourceVersion: '7',
    labels: { 'app.kubernetes.io/managed-by': 'credentials' },
    annotations: {
      'delivery-reviews.dev/checksum': 'abc',
      'kubectl.kubernetes.io/last-applied-configuration': 'a copy of it all',
    },
    ...more,
  },
  data,
});

describe('what is saved', () => {
  const names = namesToSave(parseManifests(committedManifests('prod')));

  test('are the passwords, the authority, Kibana’s keys and the keystore, and nothing that follows from them', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'elasticsearch-ca',
        'elasticsearch-user-elastic',
        'elasticsearch-user-ingest',
        'kibana-encryption-keys',
        'elasticsearch-keystore',
      ]),
    );
    for (const follows of ['elasticsearch-tls', 'kibana-tls', 'elasticsearch-users'])
      expect(names).not.toContain(follows);
    expect(() => namesToSave([])).toThrow(/must have Role credentials/);
  });

  test('is what `credentials` knows a Secret by, and no copy that kubectl has left in it', () => {
    const owned = secret('elasticsearch-user-search', { a: 'eA==' }, { ownerReferences: [{ name: 'x' }] });
    const chosen = chooseSecrets(
      ['elasticsearch-ca', 'elasticsearch-user-search', 'elasticsearch-user-ingest'],
      [secret('elasticsearch-ca', { 'ca.key': 'a2V5' }), owned, secret('of-somebody-else', { b: 'eQ==' })],
    );
    expect(chosen).toEqual({
      save: [
        {
          name: 'elasticsearch-ca',
          type: 'Opaque',
          labels: { 'app.kubernetes.io/managed-by': 'credentials' },
          annotations: { 'delivery-reviews.dev/checksum': 'abc' },
          data: { 'ca.key': 'a2V5' },
        },
      ],
      lost: ['elasticsearch-user-ingest'],
      absent: ['elasticsearch-keystore'],
      owned: ['elasticsearch-user-search'],
    });
    expect(JSON.stringify(asObject(chosen.save[0] ?? ({} as never), 'parcels'))).not.toMatch(/uid|resourceVersion/);
  });
});

test('a restore makes what is missing, leaves what is the same, and names what differs', () => {
  const saved = chooseSecrets(
    ['a', 'b', 'c'],
    [secret('a', { x: 'MQ==' }), secret('b', { x: 'MQ==', y: 'Mg==' }), secret('c', { x: 'MQ==' })],
  ).save;
  const there = [secret('b', { y: 'Mg==', x: 'MQ==' }), secret('c', { x: 'Mw==' })];
  const { create, same, different, foreign } = planRestore(saved, ['a', 'b', 'c'], there);
  expect([create, different].map((all) => all.map(({ name }) => name))).toEqual([['a'], ['c']]);
  expect(same).toEqual(['b']);
  expect(foreign).toEqual([]);
  const fewer = planRestore(saved, ['b', 'c'], there);
  expect({ create: fewer.create, foreign: fewer.foreign }).toEqual({ create: [], foreign: ['a'] });
});

test.each([
  '',
  'x',
  '{}',
  '[]',
  '{"namespace":"a","at":"b","secrets":[]}',
  '{"namespace":"a","at":"b","secrets":[{"name":"x"}]}',
  '{"namespace":"a","at":"b","secrets":[{"name":"x","type":"t","labels":{},"annotations":{},"data":{"secret":5}}]}',
])('%s is no file of Secrets, and nothing of it is said', (text) => {
  expect(() => parseSaved(text)).toThrow(/^the file is not what save-secrets writes: nothing was restored$/);
});

test('recipients are public keys of age', () => {
  const key = `age1${'q'.repeat(58)}`;
  expect(recipientsIn(`${key}, ${key}`)).toEqual([key, key]);
  expect(() => recipientsIn('')).toThrow(/RECIPIENT must be the public key/);
  expect(() => recipientsIn('age1short')).toThrow(/RECIPIENT must be the public key/);
  expect(() => recipientsIn(`AGE-SECRET-KEY-1${'Q'.repeat(58)}`)).toThrow(/^(?!.*QQQQ).*the secret one stays/);
});

test.each([
  ['OK {"reviews":5}', { reviews: 5 }],
  ['line\n… still at it\nOK {"a":1}\n', { a: 1 }],
])('the last word of %j is understood', (said, value) => expect(lastWord(said)).toEqual(value));

test.each([
  ['FAILED no good snapshot', /^no good snapshot$/],
  ['OK {"a":1}\nand then it broke', /broke off/],
  ['', /broke off/],
  ['OK 5', /no object of the program/],
  ['OK {"reviews":5', /the answer is cut/],
])('the last word of %j is an error', (said, expected) => expect(() => lastWord(said)).toThrow(expected));

test('what is said of a restore is no more than was shown', () => {
  const whole = { snapshot: 's', reviews: 5, months: 1, seconds: 2, recorded: true, wrong: [] };
  expect(restoredText(restoredIn(whole))).toBe('5 reviews of 1 months of s are back, as recorded in it');
  expect(restoredText(restoredIn({ ...whole, wrong: ['reviews-2026.11 has 5 reviews'] }))).toMatch(/NOT as recorded/);
  expect(restoredText(restoredIn({ ...whole, recorded: false }))).toMatch(/How many there should be is not known/);
  for (const lacks of ['snapshot', 'reviews', 'months', 'recorded', 'wrong'])
    expect(() => restoredIn({ ...whole, [lacks]: undefined })).toThrow(lacks);
});

describe('a file', () => {
  let folder = '';
  let recipient = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'encrypted-'));
    const made = await inNode(
      "const { generateIdentity, identityToRecipient } = await import('age-encryption');" +
        "for (const name of ['key', 'other']) { const key = await generateIdentity();" +
        'require("fs").writeFileSync(`${process.argv[1]}/${name}`, `# a comment\\n${key}\\n`);' +
        "if (name === 'key') console.log(await identityToRecipient(key)); }",
      folder,
    );
    recipient = made.stdout.trim();
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** jest cannot load the package, which has modules only; the commands can. */
  const inNode = (code: string, ...args: readonly string[]): Promise<Finished> =>
    run(process.execPath, ['--require', 'tsx/cjs', '-e', `(async () => { ${code} })()`, ...args], {
      cwd: root,
      seconds: 60,
    });
  const call = (what: string, ...args: readonly string[]): Promise<Finished> =>
    inNode(
      "const e = require('./scripts/lib/secrets/encrypted.ts'); const [a, b, c] = process.argv.slice(1);" +
        `try { process.stdout.write(String(await ${what})); } ` +
        'catch (error) { process.stderr.write(error.message); process.exitCode = 1; }',
      ...args,
    );

  test('that could be written in part only is not left behind, as it would be taken for a backup', async () => {
    const file = join(folder, 'half.age');
    const code =
      "(async () => { const e = require('./scripts/lib/secrets/encrypted.ts'); " +
      "await e.writeEncrypted(process.argv[1], 'x'.repeat(9000), [process.argv[2]]).catch((error) => " +
      'process.stderr.write(error.message)); })()';
    // A file may have two blocks of 1024 bytes; the signal that would kill is ignored.
    const limited = ['-c', 'trap "" XFSZ; ulimit -f 2; exec "$0" --require tsx/cjs -e "$1" "$2" "$3"'];
    const done = await run('bash', [...limited, process.execPath, code, file, recipient], { cwd: root, seconds: 60 });
    expect(done.stderr).toMatch(/half\.age cannot be written: .*EFBIG/);
    expect(existsSync(file)).toBe(false);
  }, 60_000);

  test('is not made for a key that nobody has: a mistyped one is told as such', async () => {
    const file = join(folder, 'mistyped.age');
    const mistyped = recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
    expect(await call('e.writeEncrypted(a, b, [c])', file, 'x', mistyped)).toMatchObject({
      code: 1,
      stderr: `RECIPIENT ${mistyped} is mistyped: nothing was saved`,
    });
    expect(existsSync(file)).toBe(false);
  }, 60_000);

  test('is for its owner only, holds nothing plain, is read with its key, and is never written over', async () => {
    const file = join(folder, 'secrets.age');
    expect(await call('e.writeEncrypted(a, b, [c])', file, 'a password', recipient)).toEqual(
      expect.objectContaining({ code: 0 }),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('password');
    expect(await call('e.readEncrypted(a, b)', file, join(folder, 'key'))).toMatchObject({ stdout: 'a password' });
    const again = await call('e.writeEncrypted(a, b, [c])', file, 'another', recipient);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already: nothing was saved') });
    expect(await call('e.readEncrypted(a, b)', file, join(folder, 'other'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be decrypted'),
    });
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n(.)(.*)\n-----END/, '\n$2$1\n-----END'));
    expect(await call('e.readEncrypted(a, b)', file, join(folder, 'key'))).toMatchObject({ code: 1 });
    expect(await call('e.readEncrypted(a, b)', file, file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no line AGE-SECRET-KEY-'),
    });
  }, 240_000);
});
