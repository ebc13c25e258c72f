// The file of the Secrets before age's own program: what this repository writes can be read without it, and the other
// way round.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { goProgram } from '../../scripts/lib/go-tools.ts';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';

const tools = join(root, 'test/scripts/age');
const secrets = `${JSON.stringify({ password: 'ünlikely'.repeat(20_000) })}\n`;
const limit = 60_000;

let folder = '';
let age = '';
let recipient = '';
const file = (name: string): string => join(folder, name);

const must = async (program: string, ...args: readonly string[]): Promise<Finished> => {
  const done = await run(program, args, { cwd: folder, seconds: 30 });
  if (done.code !== 0) throw new Error(`${program}: ${done.stderr}`);
  return done;
};

/** jest cannot load the package, which has modules only; the commands can. */
const call = (what: string, ...args: readonly string[]): Promise<Finished> => {
  const code = `require('./scripts/lib/secrets/encrypted.ts').${what}.then((text) => process.stdout.write(text ?? ''))`;
  return run(process.execPath, ['--require', 'tsx/cjs', '-e', code, ...args], { cwd: root, seconds: 30 });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'age-'));
  age = await goProgram('age', tools, 'filippo.io/age/cmd/age');
  await must(await goProgram('age-keygen', tools, 'filippo.io/age/cmd/age-keygen'), '-o', file('key'));
  recipient = /^# public key: (\S+)$/m.exec(readFileSync(file('key'), 'utf8'))?.[1] ?? '';
  writeFileSync(file('plain'), secrets);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  'age --decrypt reads what save-secrets has written, with the key of age-keygen',
  async () => {
    const write =
      "writeEncrypted(process.argv[1], require('fs').readFileSync(process.argv[2], 'utf8'), [process.argv[3]])";
    expect(await call(write, file('ours'), file('plain'), recipient)).toEqual(expect.objectContaining({ code: 0 }));
    expect((await must(age, '--decrypt', '--identity', 'key', 'ours')).stdout).toBe(secrets);
  },
  limit,
);

test.each([
  ['armored', ['--armor']],
  ['binary', []],
])(
  'restore-secrets reads what age has written, %s',
  async (name, options) => {
    await must(age, '--encrypt', ...options, '--recipient', recipient, '--output', name, 'plain');
    const read = 'readEncrypted(process.argv[1], process.argv[2])';
    expect(await call(read, file(name), file('key'))).toMatchObject({ code: 0, stdout: secrets });
  },
  limit,
);
