// The program as it runs in the cluster.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { agentNode } from './support/node.ts';
import { Program, source } from './support/program.ts';

let program: Program;

// Where there is none yet it comes from npm, which may take longer than a test.
beforeAll(async () => {
  await agentNode();
}, 260_000);

beforeEach(async () => {
  program = await Program.create();
});
afterEach(() => program.remove());

test('it serves, and says nothing that is no line of the log', async () => {
  await program.startAndServe();
  expect(program.messages()[0]).toMatch(/^the agent of elasticsearch-1 serves, on Node.js v\d+/);
  expect(JSON.parse((await program.call('GET', '/status')).text)).toMatchObject({
    pod: 'elasticsearch-1',
    ready: false,
  });
  expect((await program.call('GET', '/health')).status).toBe(503);
});

test('without an API server it serves, says what that means, and lets the node start', async () => {
  Object.assign(program.env, { KUBERNETES_SERVICE_HOST: '', KUBERNETES_SERVICE_PORT: '', ZONE: '' });
  await program.startAndServe();
  expect(program.messages()[0]).toMatch(/^no API server: KUBERNETES_SERVICE_HOST is not set\. .* does not turn ready/);
  expect(await program.call('POST', '/prepare?disk=empty')).toMatchObject({
    status: 200,
    text: expect.stringMatching(/^prepare: WARNING: the zone of Kubernetes node node-a is unknown/),
  });
});

test('it makes the configuration, and tells what is refused', async () => {
  await program.startAndServe();
  expect(await program.call('POST', '/prepare?disk=used')).toEqual({
    status: 200,
    text:
      'prepare: first start, with the voters elasticsearch-0\n' +
      'prepare: elasticsearch-1 in zone zone-a with a heap of 1024m\n',
  });
  expect(readFileSync(join(program.folder, 'agent/config/elasticsearch.yml'), 'utf8')).toContain(
    'node.attr.zone: zone-a\n',
  );
  program.write('settings/more.yml', 'cluster: {name: x}\n');
  expect(await program.call('POST', '/prepare?disk=used')).toMatchObject({
    status: 422,
    text: expect.stringMatching(/^prepare: WARNING: cluster\.name is given twice, in elasticsearch\.yml/),
  });
});

test('it is started again when it dies, and ends with its container', async () => {
  await program.startAndServe();
  const [first = ''] = program.pids();
  process.kill(Number(first), 'SIGKILL');
  await program.until(async () => (await program.serves()) && program.pids()[0] !== first);
  expect(program.messages().filter((message) => message.includes('serves'))).toHaveLength(2);
  expect(program.messages()).toContain('the agent ended with 137 and is started again');
  const begin = Date.now();
  expect(await program.end()).toBe(0);
  expect(Date.now() - begin).toBeLessThan(3000);
  expect(await program.serves()).toBe(false);
});

test('it says what is wrong with its settings, and tries again', async () => {
  program.env['PRE_STOP_SPARE_SECONDS'] = 'soon';
  program.start();
  const wrong = "the agent ends: PRE_STOP_SPARE_SECONDS must be a whole number of seconds, but is 'soon'";
  await program.until(() => program.messages().filter((message) => message === wrong).length > 1);
});

test('a person lets a node go whose hook waits', async () => {
  await program.startAndServe();
  const tooEarly = await program.run('let-go.ts');
  expect(tooEarly).toMatchObject({ code: 1, stdout: 'no hook waits here, so nothing was changed\n' });
  const script = join(root, 'base/elasticsearch/lifecycle/pre-stop.sh');
  const log = join(program.folder, 'log');
  writeFileSync(log, '');
  const hook = run('bash', [script], { env: { ...program.env, LOG_TO: log, POLL_SECONDS: '0.2' }, seconds: 25 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const said = await program.run('let-go.ts');
  expect(said).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('is stopped at the next look') });
  expect(await hook).toMatchObject({ code: 0, stderr: '' });
  expect(program.messages()).toContain('a person lets this node go, whatever it waits for');
});

describe('a person who looks', () => {
  const show = (...words: string[]) => program.run('show.ts', ...words);

  test('sees what the agent thinks', async () => {
    await program.startAndServe();
    const said = await show('status');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(said.stdout)).toMatchObject({ pod: 'elasticsearch-1', ready: false, stop: { way: 'none' } });
    expect(await show()).toMatchObject({ code: 0, stderr: '' });
  });

  test('hears why there is no health of the cluster', async () => {
    await program.startAndServe();
    const said = await show('health');
    expect(said).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(said.stdout)).toMatchObject({ trouble: expect.any(String), detail: expect.any(String) });
  });

  test('is told what can be shown', async () =>
    expect(await show('all')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('status, health or metrics'),
    }));
});

test.each(['let-go.ts', 'show.ts'])('where no agent is %s says so', async (file) => {
  const said = await program.run(file);
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('The agent cannot be asked: ') });
});

test('every file of it reaches the cluster, and its bash stays small', () => {
  const kustomization = readFileSync(join(root, 'base/elasticsearch/kustomization.yaml'), 'utf8');
  const listed = [...kustomization.matchAll(/- agent\/(\S+)/g)].map(([, file]) => file);
  // In one of two ConfigMaps each. The page about it is for people.
  const files = readdirSync(source).filter((file) => file !== 'README.md');
  expect(listed).toHaveLength(files.length);
  expect(new Set(listed)).toEqual(new Set(files));
  const bash = ['agent', 'lifecycle'].flatMap((part) => {
    const at = join(root, 'base/elasticsearch', part);
    return readdirSync(at).flatMap((file) => (file.endsWith('.sh') ? [readFileSync(join(at, file), 'utf8')] : []));
  });
  expect(bash.join('').match(/\n/g)?.length ?? 0).toBeLessThan(160);
  expect(existsSync(join(source, 'package.json'))).toBe(true);
});
