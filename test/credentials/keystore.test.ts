// The real tool, as the image has it, on folders of this test.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { elasticsearch, elasticsearchTools } from '../support/needs/elasticsearch.ts';
import { suiteNeeding } from '../support/needs/suite.ts';

const script = join(root, 'base/elasticsearch/lifecycle/keystore.sh');
const limit = 120_000;
const password = 'a "secret" \\ of 2026';

suiteNeeding('the keystore of a node', [elasticsearch], () => {
  let folder = '';
  const path = (...parts: string[]): string => join(folder, ...parts);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keystore-'));
    for (const name of ['config', 'formed', 'superuser', 'bin']) mkdirSync(path(name));
    // The tool itself; what it is called with is noted, since anybody on the machine may read arguments.
    const tool = join(elasticsearchTools, 'elasticsearch-keystore');
    write('bin/elasticsearch-keystore', `#!/bin/bash\necho "$*" >> ${path('arguments')}\nexec ${tool} "$@"\n`);
    chmodSync(path('bin/elasticsearch-keystore'), 0o755);
    // Only the node's own container has that variable.
    write('config/elasticsearch.yml', 'node.name: ${NOT_IN_THIS_CONTAINER}\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = (): Record<string, string> => ({
    PATH: `${path('bin')}:${process.env['PATH'] ?? ''}`,
    CONFIG: path('config'),
    FORMED: path('formed'),
    SUPERUSER: path('superuser'),
    KEYSTORE: path('entries'),
  });
  const start = (): Promise<Finished> => run('bash', [script], { env: env(), seconds: 60 });
  const started = async (): Promise<string> => {
    const { code, stderr } = await start();
    expect({ code, stderr }).toEqual(expect.objectContaining({ code: 0 }));
    return stderr;
  };
  /** In a folder of its own: with these settings it would fail. */
  const keystore = async (...args: string[]): Promise<string> => {
    mkdirSync(path('look'), { recursive: true });
    writeFileSync(path('look/elasticsearch.keystore'), readFileSync(path('config/elasticsearch.keystore')));
    const done = await run(join(elasticsearchTools, 'elasticsearch-keystore'), args, {
      env: { ...process.env, ES_PATH_CONF: path('look') },
      seconds: 60,
    });
    expect(done).toEqual(expect.objectContaining({ code: 0 }));
    return done.stdout.trim();
  };
  const entries = async (): Promise<string[]> => (await keystore('list')).split('\n');
  const formed = (): void => write('formed/cluster_uuid', 'Zk3TnYp1QoOwzFvS3kJ0aA');
  const stored = (): void => write('formed/superuser_stored', '2026-11-25T12:00:00Z');
  const secret = (): void => write('superuser/password', `${password}\n`);

  test(
    'holds the password of elastic at the first start, which is neither said nor an argument',
    async () => {
      secret();
      const said = await started();
      expect(await entries()).toEqual(['bootstrap.password', 'keystore.seed']);
      expect(await keystore('show', 'bootstrap.password')).toBe(password);
      expect(readFileSync(path('arguments'), 'utf8')).toContain('bootstrap.password');
      expect(`${said}${readFileSync(path('arguments'), 'utf8')}`).not.toContain('secret');
      expect(readdirSync(path('config')).sort()).toEqual(['elasticsearch.keystore', 'elasticsearch.yml']);
    },
    limit,
  );

  test(
    'is not made at a first start without the Secret: the cluster would form with a password that nobody knows',
    async () => {
      const { code, stderr } = await start();
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('there is no Secret elasticsearch-user-elastic'),
      });
      expect(existsSync(path('config/elasticsearch.keystore'))).toBe(false);
    },
    limit,
  );

  test(
    'holds it until the cluster has stored it, also in a node that is made anew meanwhile',
    async () => {
      secret();
      formed();
      await started();
      expect(await entries()).toContain('bootstrap.password');
      rmSync(path('config/elasticsearch.keystore'));
      stored();
      await started();
      expect(await entries()).toEqual(['keystore.seed']);
    },
    limit,
  );

  test(
    'is made without it when the Secret is lost, so that the node starts: ' +
      'without a word where the cluster has stored it',
    async () => {
      formed();
      expect(await started()).toContain('WARNING: Secret elasticsearch-user-elastic is gone');
      expect(await entries()).toEqual(['keystore.seed']);
      stored();
      expect(await started()).not.toContain('WARNING');
    },
    limit,
  );

  test(
    'keeps what an init container of an overlay has put into it',
    async () => {
      write('key', 'of S3');
      const own = { env: { ...process.env, ES_PATH_CONF: path('own') } as Record<string, string>, seconds: 60 };
      mkdirSync(path('own'));
      expect(await run(join(elasticsearchTools, 'elasticsearch-keystore'), ['create'], own)).toEqual(
        expect.objectContaining({ code: 0 }),
      );
      expect(
        await run(
          join(elasticsearchTools, 'elasticsearch-keystore'),
          ['add-file', 's3.client.default.access_key', path('key')],
          own,
        ),
      ).toEqual(expect.objectContaining({ code: 0 }));
      const theirs = readFileSync(path('own/elasticsearch.keystore'));
      writeFileSync(path('config/elasticsearch.keystore'), theirs);
      secret();
      await started();
      expect(await entries()).toEqual(['bootstrap.password', 'keystore.seed', 's3.client.default.access_key']);
      writeFileSync(path('config/elasticsearch.keystore'), theirs);
      stored();
      await started();
      expect(readFileSync(path('config/elasticsearch.keystore'))).toEqual(theirs);
    },
    limit,
  );

  test(
    'holds the entries of the user’s own Secret, byte for byte, and says how many',
    async () => {
      secret();
      // As the kubelet mounts a Secret.
      write('entries/..2026/s3.client.default.access_key', 'of S3');
      write('entries/..2026/s3.client.default.secret_key', ' with a blank \n');
      symlinkSync('..2026', path('entries/..data'));
      for (const name of ['access_key', 'secret_key'])
        symlinkSync(`..data/s3.client.default.${name}`, path(`entries/s3.client.default.${name}`));
      const said = await started();
      expect(await entries()).toEqual([
        'bootstrap.password',
        'keystore.seed',
        's3.client.default.access_key',
        's3.client.default.secret_key',
      ]);
      expect(await keystore('show', 's3.client.default.access_key')).toBe('of S3');
      expect(`${said}${readFileSync(path('arguments'), 'utf8')}`).not.toContain('of S3');
      // A later one in the place of the first, also on the keystore that is there.
      write('entries/..2026/s3.client.default.access_key', 'another');
      await started();
      expect(await keystore('show', 's3.client.default.access_key')).toBe('another');
    },
    limit,
  );

  test.each(['bootstrap.password', 'keystore.seed'])(
    'is refused with an entry of that Secret that the project makes: %s',
    async (name) => {
      secret();
      write(`entries/${name}`, 'x');
      expect(await start()).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`Secret elasticsearch-keystore must not set ${name}`),
      });
      expect(existsSync(path('config/elasticsearch.keystore'))).toBe(false);
    },
    limit,
  );

  test(
    'is made again on what a run that was killed has left',
    async () => {
      secret();
      write('config/elasticsearch.keystore.tmp', 'half of one');
      write('config/keystore.new/elasticsearch.keystore', 'half of one');
      await started();
      await started();
      expect(await keystore('show', 'bootstrap.password')).toBe(password);
      expect(readdirSync(path('config')).sort()).toEqual(['elasticsearch.keystore', 'elasticsearch.yml']);
    },
    limit,
  );

  test(
    'is refused a password of two lines, of which the tool would take the first',
    async () => {
      write('superuser/password', 'one\ntwo\n');
      expect(await start()).toMatchObject({ code: 1, stderr: expect.stringContaining('must be a single line') });
    },
    limit,
  );
});
