import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../scripts/lib/process.ts';
import { execForm } from '../../scripts/lib/render/exec-form.ts';

let folder = '';
let env: NodeJS.ProcessEnv = {};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exec-form '));
  writeFileSync(
    join(folder, 'bundle.cjs'),
    "process.stdout.write(`bundle: ${require('node:fs').readFileSync(0)}`); process.exitCode = 3;\n",
  );
  // What kustomize would call without the exec form.
  writeFileSync(join(folder, 'docker'), '#!/bin/sh\necho "engine $*: $(cat)"\nexit 4\n', { mode: 0o755 });
  env = await execForm(join(folder, 'bundle.cjs'), {
    ...process.env,
    PATH: [folder, process.env['PATH']].join(delimiter),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const list = (kind: string, items = 'items:\n- kind: ElasticsearchTopology\n'): string =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${items}` +
  `functionConfig:\n  apiVersion: a/v1\n  kind: ${kind}\n  metadata:\n    name: x\n`;
// By the name alone, as kustomize does.
const docker = (input: string) => run('/usr/bin/env', ['docker', 'run', '--rm', 'image'], { env, input, seconds: 30 });

describe('in place of the container engine', () => {
  test('the function is a process that gets the list, and its exit code is that of the engine', async () => {
    const input = list('ElasticsearchTopology');
    expect(await docker(input)).toEqual({ code: 3, stdout: `bundle: ${input}`, stderr: '' });
  });

  test('the config is found before the items, too', async () => {
    const input = list('ElasticsearchTopology', '').concat('items: []\n');
    expect((await docker(input)).stdout).toBe(`bundle: ${input}`);
  });

  test.each([list('Other'), list('ElasticsearchTopologyToo'), 'kind: ElasticsearchTopology\n', ''])(
    'another function runs in the engine that is there without it: %j',
    async (input) => {
      const { code, stdout } = await docker(input);
      expect({ code, stdout }).toEqual({ code: 4, stdout: `engine run --rm image: ${input.trimEnd()}\n` });
    },
  );

  test('where there is no engine, what can not be run is named', async () => {
    const PATH = (env['PATH'] ?? '').split(delimiter)[0];
    const program = join(PATH ?? '', 'docker');
    const done = await run(program, ['run', 'image'], { env: { ...env, PATH }, input: list('Other'), seconds: 30 });
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('a function of kind Other could not be run: spawnSync docker ENOENT');
  });

  test('the program is made once', async () => {
    expect((await execForm('/other.cjs', {}))['PATH']?.split(delimiter)[0]).toBe(env['PATH']?.split(delimiter)[0]);
  });
});
