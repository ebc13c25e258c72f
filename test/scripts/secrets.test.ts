// `make save-secrets` and `make restore-secrets` before a real API server.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ISecret } from 'kubernetes-models/v1';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { besideTarget } from './support/beside-target.ts';
import { kubectl, must } from './support/kubectl.ts';

const limit = 240_000;

besideTarget('Secrets of prod', (bed) => {
  let folder = '';
  let recipient = '';
  const command = async (name: string, env: Readonly<Record<string, string>>): Promise<Finished> => {
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      return await bed.copy.command(name, 'prod');
    } finally {
      for (const variable of Object.keys(env)) process.env[variable] = before[variable] ?? '';
    }
  };
  const make = (name: string, value: string): Promise<string> =>
    must(
      ['-n', 'reviews', 'create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, annotations: { 'delivery-reviews.dev/checksum': value } },
        stringData: { password: value },
      }),
    );
  const passwordIn = async (name: string): Promise<string> => {
    const { data, metadata } = JSON.parse(
      await must(['-n', 'reviews', 'get', 'secret', name, '-o', 'json']),
    ) as ISecret;
    const mark = metadata?.annotations?.['delivery-reviews.dev/checksum'] ?? '';
    return `${Buffer.from(data?.['password'] ?? '', 'base64').toString()} ${mark}`;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'saved-secrets-'));
    const code =
      "import { generateIdentity, identityToRecipient } from 'age-encryption';" +
      "import { writeFileSync } from 'node:fs';" +
      'const key = await generateIdentity(); writeFileSync(process.argv[1], `${key}\\n`);' +
      'console.log(await identityToRecipient(key));';
    const args = ['--input-type=module', '-e', code, join(folder, 'key')];
    recipient = (await run(process.execPath, args, { cwd: root, seconds: 60 })).stdout.trim();
    await must(['create', 'namespace', 'reviews']);
    await make('elasticsearch-ca', 'of-the-authority');
    await make('elasticsearch-user-ingest', 'of-ingest');
    await make('elasticsearch-tls', 'follows');
  }, 400_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test(
    'are saved encrypted, and put back into a namespace that is gone',
    async () => {
      const file = join(folder, 'secrets.age');
      const half = await command('save-secrets', { RECIPIENT: recipient, FILE: file });
      expect(half).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/nothing was saved: .*elasticsearch-user-elastic.* should be there/),
      });
      expect(existsSync(file)).toBe(false);
      const saved = await command('save-secrets', { RECIPIENT: recipient, FILE: file, FORCE: '1' });
      expect({ code: saved.code, stderr: saved.stderr }).toEqual(expect.objectContaining({ code: 0 }));
      expect(`${saved.stdout}${saved.stderr}${readFileSync(file, 'utf8')}`).not.toMatch(/of-ingest|of-the-authority/);
      expect(saved.stderr).toContain('Absent  elasticsearch-user-elastic');
      expect(await command('save-secrets', { RECIPIENT: recipient, FILE: file, FORCE: '1' })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('is there already'),
      });

      for (const name of ['elasticsearch-ca', 'elasticsearch-user-ingest', 'elasticsearch-tls'])
        await must(['-n', 'reviews', 'delete', 'secret', name]);
      const restoring = { FILE: file, IDENTITY: join(folder, 'key') };
      expect(await command('restore-secrets', restoring)).toMatchObject({
        code: 0,
        stdout: '2 Secrets put back, 0 replaced, 0 were as they should be\n',
      });
      expect(await passwordIn('elasticsearch-ca')).toBe('of-the-authority of-the-authority');
      expect(await kubectl(['-n', 'reviews', 'get', 'secret', 'elasticsearch-tls'])).toMatchObject({ code: 1 });

      await must(['-n', 'reviews', 'delete', 'secret', 'elasticsearch-ca', 'elasticsearch-user-ingest']);
      await make('elasticsearch-user-ingest', 'another-one');
      expect(await command('restore-secrets', restoring)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('other values in elasticsearch-user-ingest: nothing was restored'),
      });
      expect(await kubectl(['-n', 'reviews', 'get', 'secret', 'elasticsearch-ca'])).toMatchObject({ code: 1 });
      expect(await passwordIn('elasticsearch-user-ingest')).toContain('another-one');
      expect(await command('restore-secrets', { ...restoring, FORCE: '1' })).toMatchObject({
        code: 0,
        stdout: '1 Secrets put back, 1 replaced, 0 were as they should be\n',
      });
      expect(await passwordIn('elasticsearch-user-ingest')).toBe('of-ingest of-ingest');
      expect(await command('restore', {})).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('the overlay takes no snapshots'),
      });
    },
    limit * 3,
  );
});
