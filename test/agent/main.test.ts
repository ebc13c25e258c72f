// The program as it runs in the cluster: from the folder of a ConfigMap, by the Node.js of the image, under its
// supervisor.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { environment } from './support/environment.ts';
import { agentNode } from './support/node.ts';

const source = join(root, 'base/elasticsearch/agent');

let folder: string;
let program: string;
let env: Record<string, string>;
let supervisor: ChildProcess | undefined;
let output: string;

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

// Where there is none yet it comes from npm, which may take longer than a test.
beforeAll(async () => {
  await agentNode();
}, 260_000);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'main-'));
  // As the kubelet mounts a ConfigMap.
  program = join(folder, 'program');
  mkdirSync(join(program, '..2026_01'), { recursive: true });
  symlinkSync('..2026_01', join(program, '..data'));
  for (const file of readdirSync(source)) {
    copyFileSync(join(source, file), join(program, '..2026_01', file));
    symlinkSync(`..data/${file}`, join(program, file));
  }
  mkdirSync(join(folder, 'bin'));
  symlinkSync(await agentNode(), join(folder, 'bin/node'));
  mkdirSync(join(folder, 'agent'));
  write('settings/elasticsearch.yml', 'cluster.name: reviews\n');
  write('membership/initial_master_nodes.txt', 'elasticsearch-0\n');
  write('max_map_count', '1048576\n');
  write('hosts', '10.0.0.1 elasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\n');
  env = environment(folder);
  env['PATH'] = `${join(folder, 'bin')}:${env['PATH']}`;
  output = '';
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

const start = (): void => {
  supervisor = spawn('sh', [join(program, 'run.sh')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
};

/** How it ended. */
const end = async (): Promise<unknown> => {
  const ending = supervisor;
  supervisor = undefined;
  if (ending === undefined || ending.exitCode !== null) return ending?.exitCode;
  const ended = new Promise((resolve) => ending.on('exit', (code, signal) => resolve(code ?? signal)));
  ending.kill('SIGTERM');
  return ended;
};

const call = (method: string, path: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve) => {
    const asked = request({ socketPath: join(folder, 'agent/agent.sock'), method, path }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', () => resolve({ status: 0, text: '' }));
    asked.end();
  });

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const last = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > last) throw new Error(`did not come true:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const serves = async (): Promise<boolean> => (await call('GET', '/status')).status === 200;
const pids = (): string[] => {
  const children = `/proc/${supervisor?.pid}/task/${supervisor?.pid}/children`;
  return readFileSync(children, 'utf8').trim().split(' ');
};
const messages = (): string[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly message: string }).message);

test('it serves, and says nothing that is no line of the log', async () => {
  start();
  await until(serves);
  expect(messages()[0]).toMatch(/^the agent of elasticsearch-1 serves, on Node.js v\d+/);
  expect(JSON.parse((await call('GET', '/status')).text)).toMatchObject({ pod: 'elasticsearch-1', ready: false });
  expect((await call('GET', '/health')).status).toBe(503);
});

test('without an API server it serves, says what that means, and lets the node start', async () => {
  Object.assign(env, { KUBERNETES_SERVICE_HOST: '', KUBERNETES_SERVICE_PORT: '', ZONE: '' });
  start();
  await until(serves);
  expect(messages()[0]).toMatch(/^no API server: KUBERNETES_SERVICE_HOST is not set\. .* does not turn ready/);
  expect(await call('POST', '/prepare?disk=empty')).toMatchObject({
    status: 200,
    text: expect.stringMatching(/^prepare: WARNING: the zone of Kubernetes node node-a is unknown/),
  });
});

test('it makes the configuration, and tells what is refused', async () => {
  start();
  await until(serves);
  expect(await call('POST', '/prepare?disk=used')).toEqual({
    status: 200,
    text:
      'prepare: first start, with the voters elasticsearch-0\n' +
      'prepare: elasticsearch-1 in zone zone-a with a heap of 1024m\n',
  });
  expect(readFileSync(join(folder, 'agent/config/elasticsearch.yml'), 'utf8')).toContain('node.attr.zone: zone-a\n');
  write('settings/more.yml', 'cluster: {name: x}\n');
  expect(await call('POST', '/prepare?disk=used')).toMatchObject({
    status: 422,
    text: expect.stringMatching(/^prepare: WARNING: cluster\.name is given twice, in elasticsearch\.yml/),
  });
});

test('it is started again when it dies, and ends with its container', async () => {
  start();
  await until(serves);
  const [first = ''] = pids();
  process.kill(Number(first), 'SIGKILL');
  await until(async () => (await serves()) && pids()[0] !== first);
  expect(messages().filter((message) => message.includes('serves'))).toHaveLength(2);
  expect(messages()).toContain('the agent ended with 137 and is started again');
  const begin = Date.now();
  expect(await end()).toBe(0);
  expect(Date.now() - begin).toBeLessThan(3000);
  expect(await serves()).toBe(false);
});

test('it says what is wrong with its settings, and tries again', async () => {
  env['PRE_STOP_SPARE_SECONDS'] = 'soon';
  start();
  const wrong = "the agent ends: PRE_STOP_SPARE_SECONDS must be a whole number of seconds, but is 'soon'";
  await until(() => messages().filter((message) => message === wrong).length > 1);
});

test('a person lets a node go whose hook waits', async () => {
  start();
  await until(serves);
  const tooEarly = await run(join(folder, 'bin/node'), [join(program, 'let-go.ts')], { env, seconds: 20 });
  expect(tooEarly).toMatchObject({ code: 1, stdout: 'no hook waits here, so nothing was changed\n' });
  const script = join(root, 'base/elasticsearch/lifecycle/pre-stop.sh');
  const log = join(folder, 'log');
  writeFileSync(log, '');
  const hook = run('bash', [script], { env: { ...env, LOG_TO: log, POLL_SECONDS: '0.2' }, seconds: 25 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const said = await run(join(folder, 'bin/node'), [join(program, 'let-go.ts')], { env, seconds: 20 });
  expect(said).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('is stopped at the next look') });
  expect(await hook).toMatchObject({ code: 0, stderr: '' });
  expect(messages()).toContain('a person lets this node go, whatever it waits for');
});

describe('a person who looks', () => {
  const show = (...words: string[]) =>
    run(join(folder, 'bin/node'), [join(program, 'show.ts'), ...words], { env, seconds: 25 });

  test('sees what the agent thinks', async () => {
    start();
    await until(serves);
    const said = await show('status');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(said.stdout)).toMatchObject({ pod: 'elasticsearch-1', ready: false, stop: { way: 'none' } });
    expect(await show()).toMatchObject({ code: 0, stderr: '' });
  });

  test('hears why there is no health of the cluster', async () => {
    start();
    await until(serves);
    const said = await show('health');
    expect(said).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(said.stdout)).toMatchObject({ trouble: expect.any(String), detail: expect.any(String) });
  });

  test('is told what can be shown', async () =>
    expect(await show('all')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('status or health'),
    }));
});

test.each(['let-go.ts', 'show.ts'])('where no agent is %s says so', async (file) => {
  const said = await run(join(folder, 'bin/node'), [join(program, file)], { env, seconds: 20 });
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('The agent cannot be asked: ') });
});

test('every file of it reaches the cluster, and its bash stays small', () => {
  const kustomization = readFileSync(join(root, 'base/elasticsearch/kustomization.yaml'), 'utf8');
  const listed = [...kustomization.matchAll(/- agent\/(\S+)/g)].map(([, file]) => file);
  // The page about it is for people.
  expect(listed).toEqual(
    readdirSync(source)
      .filter((file) => file !== 'README.md')
      .sort(),
  );
  const bash = ['agent', 'lifecycle'].flatMap((part) => {
    const at = join(root, 'base/elasticsearch', part);
    return readdirSync(at).flatMap((file) => (file.endsWith('.sh') ? [readFileSync(join(at, file), 'utf8')] : []));
  });
  expect(bash.join('').match(/\n/g)?.length ?? 0).toBeLessThan(160);
  expect(existsSync(join(source, 'package.json'))).toBe(true);
});
