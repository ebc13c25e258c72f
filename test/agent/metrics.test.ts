// The metrics, as a scraper reads them.
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { metricsText } from '../../base/elasticsearch/agent/metrics.ts';
import { createRecord } from '../../base/elasticsearch/agent/record.ts';
import { DECISIONS, PHASES, WAITS_FOR } from '../../base/elasticsearch/agent/watched.ts';
import { bad, good } from '../../base/lib/answer.ts';
import { listenForMetrics, METRICS_TYPE } from '../../base/lib/metrics.ts';
import { freePort } from '../support/free-port.ts';
import { type Family, parseMetrics } from './support/exposition.ts';

const waits = {
  READY_RECOVERY_SECONDS: 3600,
  READY_STALL_SECONDS: 30,
  PRE_STOP_SPARE_SECONDS: 1800,
  PRE_STOP_MOVE_SECONDS: 3601,
  PRE_STOP_BLIND_SECONDS: 31,
  PRE_STOP_DRAIN_SECONDS: 5,
  SHUTDOWN_SECONDS: 120,
};
const use = { startedAtSeconds: 1.7e9, cpuSeconds: 1.5, residentBytes: 9e7 };

let now = 0;
const aRecord = (): ReturnType<typeof createRecord> => {
  now = 100;
  return createRecord(() => now);
};

const of = (text: string, name: string): Family => {
  const family = parseMetrics(text).get(name);
  if (family === undefined) throw new Error(`no ${name} in\n${text}`);
  return family;
};
const value = (text: string, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
  of(text, name).samples.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))?.value;

describe('the text', () => {
  test('is of the published form, and every name follows the conventions', () => {
    const families = parseMetrics(metricsText(aRecord().look(), waits, use));
    expect(families.size).toBe(13);
    for (const [name, { type, help }] of families) {
      expect(name).toMatch(/^(reviews_agent|process)_[a-z_]+$/);
      // Counters, and no others, end in _total; durations are in seconds, sizes in bytes.
      expect({ name, total: name.endsWith('_total') }).toEqual({ name, total: type === 'counter' });
      expect(help).toMatch(/\.$/);
    }
  });

  test('has a line for each word from the beginning, so that nothing is missing until it happens', () => {
    const text = metricsText(aRecord().look(), waits, use);
    const words = (name: string, label: string): (string | undefined)[] =>
      of(text, name).samples.map(({ labels }) => labels[label]);
    expect(words('reviews_agent_phase', 'phase')).toEqual([...PHASES]);
    expect(words('reviews_agent_waiting', 'waits_for')).toEqual([...WAITS_FOR]);
    expect(words('reviews_agent_decisions_total', 'decision')).toEqual([...DECISIONS]);
    expect(of(text, 'reviews_agent_answers_total').samples).toHaveLength(22);
  });

  test('tells the phase, the wait, ages and counts', () => {
    const record = aRecord();
    record.enter('stopping-restart');
    now += 30;
    record.waits('copies', 'waiting: too few other started copies of secret-index/0');
    now += 12;
    record.decided('wait');
    record.answered('elasticsearch', bad('not-understood', ''));
    record.answered('kubernetes', good(1));
    const text = metricsText(record.look(), waits, use);
    expect(value(text, 'reviews_agent_phase', { phase: 'stopping-restart' })).toBe(1);
    expect(value(text, 'reviews_agent_phase', { phase: 'serving' })).toBe(0);
    expect(value(text, 'reviews_agent_phase_seconds')).toBe(42);
    expect(value(text, 'reviews_agent_waiting', { waits_for: 'copies' })).toBe(1);
    expect(value(text, 'reviews_agent_waiting', { waits_for: 'turn' })).toBe(0);
    expect(value(text, 'reviews_agent_wait_seconds')).toBe(12);
    expect(value(text, 'reviews_agent_decisions_total', { decision: 'wait' })).toBe(1);
    const answers = 'reviews_agent_answers_total';
    expect(value(text, answers, { server: 'elasticsearch', outcome: 'not-understood' })).toBe(1);
    expect(value(text, answers, { server: 'kubernetes', outcome: 'good' })).toBe(1);
    expect(value(text, 'reviews_agent_look_age_seconds', { server: 'elasticsearch' })).toBe(42);
    expect(value(text, 'reviews_agent_look_age_seconds', { server: 'kubernetes' })).toBe(0);
    expect(value(text, 'process_resident_memory_bytes')).toBe(9e7);
    // Whoever may scrape need not learn what is in the cluster.
    expect(text).not.toContain('secret-index');
  });

  test('of a node that waits for nothing says so with zeros', () => {
    const text = metricsText(aRecord().look(), waits, use);
    expect(of(text, 'reviews_agent_waiting').samples.every((sample) => sample.value === 0)).toBe(true);
    expect(value(text, 'reviews_agent_wait_seconds')).toBe(0);
  });

  test('has what alerts compare with: wanted nodes while they are known, bounds, the end of the certificate', () => {
    const record = aRecord();
    const wanted = (): number | undefined =>
      value(metricsText(record.look(), waits, use), 'reviews_agent_wanted_nodes');
    const ends = (): number | undefined =>
      value(metricsText(record.look(), waits, use), 'reviews_agent_certificate_end_timestamp_seconds');
    expect([wanted(), ends()]).toEqual([undefined, undefined]);
    record.wants(5);
    record.sawCertificate(1.8e9);
    expect([wanted(), ends()]).toEqual([5, 1.8e9]);
    now += 100;
    // The API server has fallen silent: what it said before gets older.
    record.wants(undefined);
    expect(wanted()).toBe(5);
    now += 30;
    expect([wanted(), ends()]).toEqual([undefined, 1.8e9]);
    record.wants(0);
    expect(wanted()).toBe(0);
    const text = metricsText(record.look(), waits, use);
    for (const [bound, seconds] of Object.entries(waits))
      expect(value(text, 'reviews_agent_bound_seconds', { bound })).toBe(seconds);
  });

  test('does not grow with what happens', () => {
    const record = aRecord();
    const lines = (): number => metricsText(record.look(), waits, use).split('\n').length;
    const before = lines();
    for (let i = 0; i < 1000; i += 1) {
      record.waits('copies', `of load-${i}`);
      record.decided('wait');
      record.answered('elasticsearch', good(i));
    }
    expect(lines()).toBe(before);
  });
});

describe('the port', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  });
  const open = async (): Promise<string> => {
    const port = await freePort();
    server = await listenForMetrics(port, () => metricsText(aRecord().look(), waits, use));
    return `http://127.0.0.1:${port}`;
  };

  test('serves them, as what they are', async () => {
    const response = await fetch(`${await open()}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(METRICS_TYPE);
    expect(parseMetrics(await response.text()).size).toBe(13);
  });

  test.each([
    ['GET', '/status'],
    ['GET', '/health'],
    ['GET', '/'],
    ['GET', '/metrics/'],
    ['POST', '/metrics'],
    ['POST', '/stop'],
    ['POST', '/let-go'],
    ['POST', '/prepare?disk=empty'],
  ])('serves nothing else: %s %s', async (method, path) => {
    const response = await fetch(`${await open()}${path}`, { method });
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 404,
      text: 'there is GET /metrics\n',
    });
  });

  test('that is taken is said to be', async () => {
    const port = Number(new URL(await open()).port);
    await expect(listenForMetrics(port, () => '')).rejects.toThrow('EADDRINUSE');
  });

  test('is closed to whoever does not finish a question, and open to others meanwhile', async () => {
    const address = await open();
    const slow = connect(Number(new URL(address).port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('GET /metrics HTTP/1.1\r\n');
    expect((await fetch(`${address}/metrics`)).status).toBe(200);
    const begin = Date.now();
    await new Promise((resolve) => slow.on('close', resolve).resume());
    expect(Date.now() - begin).toBeLessThan(15_000);
  });
});
