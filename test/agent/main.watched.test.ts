// What can be watched of the program as it runs in the cluster, and by which doors.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { parseMetrics } from './support/exposition.ts';
import { agentNode } from './support/node.ts';
import { Program } from './support/program.ts';

let program: Program;

beforeAll(async () => {
  await agentNode();
}, 260_000);

beforeEach(async () => {
  program = await Program.create();
});
afterEach(() => program.remove());

/** As far as this file looks. */
interface Status {
  readonly phase: string;
  readonly wait: { readonly for: string; readonly reason: string } | null;
  readonly decisions: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
const status = async (): Promise<Status> => JSON.parse((await program.call('GET', '/status')).text) as Status;

/** TCP ports that a process listens on; field 1 is the local address, 3 the state, 9 the inode. */
const listening = (pid: string): number[] => {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed since
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
      .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)),
  );
};

describe('no port', () => {
  test('is open where no overlay asks for one, and a person reads the metrics all the same', async () => {
    await program.startAndServe();
    expect(listening(program.pids()[0] ?? '')).toEqual([]);
    const { code, stdout } = await program.run('show.ts', 'metrics');
    expect(code).toBe(0);
    expect(parseMetrics(stdout).get('process_resident_memory_bytes')?.samples[0]?.value).toBeGreaterThan(1e7);
  });

  test('is a port that is none', async () => {
    program.env['METRICS_PORT'] = 'many';
    program.start();
    await program.until(() => program.messages().some((message) => message.includes('METRICS_PORT must be a port')));
  });
});

test('the port that an overlay asks for serves the metrics alone, also after the agent was killed', async () => {
  const port = await freePort();
  program.env['METRICS_PORT'] = String(port);
  await program.startAndServe();
  expect(listening(program.pids()[0] ?? '')).toEqual([port]);
  const scraped = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(parseMetrics(await scraped()).size).toBe(13);
  expect((await fetch(`http://127.0.0.1:${port}/status`)).status).toBe(404);
  const [first = ''] = program.pids();
  process.kill(Number(first), 'SIGKILL');
  await program.until(async () => (await program.serves()) && program.pids()[0] !== first);
  expect(parseMetrics(await scraped()).size).toBe(13);
});

test('a port that somebody else has is said, and keeps the agent from nothing', async () => {
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, resolve));
  try {
    program.env['METRICS_PORT'] = String(port);
    await program.startAndServe();
    expect(program.messages()[0]).toMatch(new RegExp(`^no metrics on port ${port}, .*EADDRINUSE`));
    expect((await program.call('POST', '/prepare?disk=empty')).status).toBe(200);
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test('the phases of a start, each decision one line and one count', async () => {
  // As an earlier start of the pod has left it.
  program.write('agent/start', '6b0e8f0a-36c5-4a0f-9f0e-6d1c1b3f7a11-4711\n');
  program.write('settings/more.yml', 'cluster: {name: x}\n');
  await program.startAndServe();
  expect((await program.call('POST', '/prepare?disk=used')).status).toBe(422);
  expect(await status()).toMatchObject({
    phase: 'preparing',
    wait: { for: 'configuration', reason: expect.stringContaining('cluster.name is given twice') },
  });
  program.write('settings/more.yml', '');
  expect((await program.call('POST', '/prepare?disk=used')).status).toBe(200);
  await program.until(async () => (await status()).wait?.for === 'start');
  expect((await status()).phase).toBe('starting');

  program.write('agent/start', '6b0e8f0a-36c5-4a0f-9f0e-6d1c1b3f7a11-4999\n');
  // The test's folder has no login: that is no silence, and not "nothing there".
  await program.until(async () => (await status()).wait?.for === 'elasticsearch');
  expect((await status()).answers['elasticsearch']?.['forbidden']).toBeGreaterThan(0);
  const { decisions } = await status();
  expect(decisions).toMatchObject({ prepare: 1, refuse: 1, wait: expect.any(Number) });
  const logged = program.lines().flatMap((line) => line['event.action'] ?? []);
  for (const [decision, count] of Object.entries(decisions))
    expect({ decision, count: logged.filter((action) => action === decision).length }).toEqual({ decision, count });
});
