// The readiness probe: beside an agent once for each start, and afterwards by itself.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { certificate } from '../support/certificate.ts';
import { TestServer } from '../support/test-server.ts';
import { Scripts } from './support/scripts.ts';

let pod: Scripts;
beforeEach(() => {
  pod = new Scripts();
});
afterEach(() => pod.end());

describe('the readiness probe', () => {
  let elasticsearch: TestServer;
  let readiness: ReturnType<typeof createServer>;
  let status: number;

  beforeEach(async () => {
    status = 401;
    elasticsearch = await TestServer.start(() => () => ({ status }));
    readiness = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => readiness.listen(0, '127.0.0.1', resolve));
    const address = readiness.address();
    pod.write('home/config/certificates/ca.crt', certificate().cert);
    pod.env['READINESS_PORT'] = String(typeof address === 'object' ? address?.port : '');
    pod.env['ES_URL'] = `https://localhost:${elasticsearch.port}`;
  });
  afterEach(async () => {
    readiness.close();
    await elasticsearch.stop();
  });

  const probe = async (): Promise<number> => (await pod.bash('ready.sh')).code;
  const named = (): string => readFileSync(pod.path('agent', 'start'), 'utf8').trim();
  const admit = (): void => pod.write(`agent/admitted/${named()}`, '');

  test('names this start, and fails until it is admitted, without asking Elasticsearch', async () => {
    expect(await probe()).toBe(1);
    expect(named()).toMatch(/^[0-9a-f-]{36}-\d+$/);
    expect(await probe()).toBe(1);
    expect(elasticsearch.calls).toEqual([]);
    admit();
    expect(await probe()).toBe(0);
  });

  test('is not content with what another start was admitted for', async () => {
    await probe();
    pod.write(`agent/admitted/${named()}0`, '');
    expect(await probe()).toBe(1);
  });

  test('needs nothing of the agent once it is admitted', async () => {
    await probe();
    admit();
    rmSync(pod.path('agent', 'start'));
    expect(await probe()).toBe(0);
    expect(existsSync(pod.path('agent', 'start'))).toBe(false);
  });

  test('fails while the node has no master', async () => {
    await probe();
    admit();
    await new Promise((resolve) => readiness.close(resolve));
    expect(await probe()).toBe(1);
  });

  test.each([
    [200, 0],
    [401, 0],
    [403, 1],
    [503, 1],
  ])('with an answer %i of Elasticsearch ends with %i', async (answer, code) => {
    await probe();
    admit();
    status = answer;
    expect(await probe()).toBe(code);
  });

  test('fails where nothing can be written', async () => {
    rmSync(pod.agent, { recursive: true });
    expect(await probe()).toBe(1);
  });
});
