// The pre-stop hook: it asks the agent and waits, whatever becomes of that one.
import { rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { socketPath } from '../../base/elasticsearch/agent/socket.ts';
import type { Finished } from '../../scripts/lib/process.ts';
import { Scripts, until } from './support/scripts.ts';

let pod: Scripts;
beforeEach(() => {
  pod = new Scripts();
});
afterEach(() => pod.end());

const seconds = async (work: Promise<Finished>): Promise<number> => {
  const begin = Date.now();
  expect(await work).toMatchObject({ code: 0, stderr: '' });
  return (Date.now() - begin) / 1000;
};

/** Each line comes behind the others: as the log of a container, a pipe, does it. */
const appending = (): void => {
  rmSync(pod.path('log'));
  symlinkSync('/dev/stdout', pod.path('log'));
};

describe('the pre-stop hook', () => {
  test('waits until the agent says so, and tells how long it has waited', async () => {
    await pod.start();
    const hook = pod.bash('pre-stop.sh');
    await until(() => pod.elapsed.length > 12);
    pod.go = true;
    pod.reasons.push('leaving for a restart');
    expect(await hook).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(pod.elapsed[0]).toBeLessThanOrEqual(1);
    expect(pod.elapsed.at(-1)).toBeGreaterThan(0);
    expect(pod.messages()).toEqual(['leaving for a restart']);
  });

  test('writes each new reason into the log of the container, once, whatever it holds', async () => {
    appending();
    await pod.start();
    const hook = pod.bash('pre-stop.sh');
    await until(() => pod.elapsed.length > 1);
    pod.reasons.push('waiting: "x" \\ %s\n – ß', 'y');
    await until(() => pod.elapsed.length > 4);
    pod.reasons.push('z '.repeat(100_000));
    await until(() => pod.elapsed.length > 6);
    pod.go = true;
    const { stdout } = await hook;
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'waiting: "x" \\ %s\n – ß',
      'y',
      'z '.repeat(100_000),
    ]);
  });

  test('where the log cannot be written goes on all the same', async () => {
    await pod.start();
    pod.reasons.push('x');
    pod.go = true;
    expect(await pod.bash('pre-stop.sh', { LOG_TO: '/nowhere/log' })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"message":"x"'),
    });
  });

  test('with an agent that is dead from the start waits for its time, says why, and ends', async () => {
    expect(await seconds(pod.bash('pre-stop.sh'))).toBeGreaterThan(0.9);
    expect(pod.messages()).toEqual([
      expect.stringMatching(/^leaving: no answer of the agent for \d+ s, so nobody can tell what is needed here$/),
    ]);
    expect(JSON.parse(pod.log())).toMatchObject({
      'log.level': 'WARN',
      'event.dataset': 'delivery-reviews.agent',
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test('goes on with an agent that dies in the middle and comes back', async () => {
    await pod.start();
    const hook = pod.bash('pre-stop.sh', { PRE_STOP_AGENT_SECONDS: '5' });
    await until(() => pod.elapsed.length > 3);
    await pod.die();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await pod.start();
    const before = pod.elapsed.length;
    await until(() => pod.elapsed.length > before + 20);
    pod.go = true;
    expect(await seconds(hook)).toBeGreaterThanOrEqual(0);
    // The new agent hears how long the hook has waited.
    expect(pod.elapsed[before]).toBeGreaterThan(0);
    expect(pod.log()).toBe('');
  });

  test('counts the silence from the last answer, not from its begin', async () => {
    await pod.start();
    const hook = pod.bash('pre-stop.sh');
    await until(() => (pod.elapsed.at(-1) ?? 0) >= 3);
    await pod.die();
    expect(await seconds(hook)).toBeGreaterThan(0.9);
    expect(pod.messages()).toEqual([expect.stringContaining('no answer of the agent for 2 s')]);
  });

  test.each([
    ['accepts, and never answers', 0, ''],
    ['answers 500', 1, 'HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nno'],
    ['answers 200, and breaks off', 1, 'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"message":"go"'],
  ])('does not take an agent for well that %s', async (_, reply, text) => {
    const sick = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => (reply === 1 ? socket.end(text) : undefined));
    });
    await new Promise<void>((resolve) => sick.listen(socketPath(pod.agent), resolve));
    const { code } = await pod.bash('pre-stop.sh');
    expect(code).toBe(0);
    expect(pod.messages()).toEqual([expect.stringContaining('no answer of the agent')]);
    sick.close();
  });

  test('joins another one that waits', async () => {
    await pod.start();
    const first = pod.bash('pre-stop.sh');
    await until(() => pod.elapsed.length > 3);
    const second = pod.bash('pre-stop.sh');
    await until(() => pod.elapsed.length > 12);
    pod.go = true;
    expect((await Promise.all([first, second])).map(({ code }) => code)).toEqual([0, 0]);
  });

  test.each(['', 'soon', '-1'])('with %j for its time has one all the same', async (limit) => {
    await pod.start();
    pod.go = true;
    expect(await pod.bash('pre-stop.sh', { PRE_STOP_AGENT_SECONDS: limit })).toMatchObject({ code: 0, stderr: '' });
  });
});
