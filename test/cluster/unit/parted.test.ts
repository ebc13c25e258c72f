import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { partingsPerSecond, STREAMS } from '../harness/parted.ts';
import { tcpCounters } from '../harness/tcp-counters.ts';

const DAY = 86_400;

test.each([
  [0.001, 2, 0.055],
  [0.001, 3, 27.9],
  [0.001, 4, 13_970],
  [0.01, 3, 0.0288],
])('at a loss of %s and %s questions two nodes are parted once in %s days', (loss, count, days) => {
  expect(1 / partingsPerSecond(loss, count) / DAY / days).toBeCloseTo(1, 1);
});

test('as often as runs of lost questions occur by chance', () => {
  // Seeded, so that it is the same each time (Numerical Recipes' generator).
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const [loss, count, seconds] = [0.05, 3, 2_000_000];
  let failures = 0;
  let parted = 0;
  for (let second = 0; second < seconds; second += 1) {
    failures = random() < loss || random() < loss ? failures + 1 : 0;
    if (failures < count) continue;
    parted += 1;
    failures = 0;
  }
  expect((parted / seconds) * STREAMS).toBeCloseTo(partingsPerSecond(loss, count), 2);
});

test('the settings are those of the arithmetic', () => {
  const settings = readFileSync(join(root, 'base/elasticsearch/config/elasticsearch.yml'), 'utf8');
  expect(settings).toMatch(
    /^transport\.tcp\.keep_idle: 1\ntransport\.tcp\.keep_interval: 1\ntransport\.tcp\.keep_count: 3$/m,
  );
});

test("the kernel's counters are read by their names", () => {
  expect(tcpCounters('TcpExt: A TCPAbortOnTimeout TCPKeepAlive\nTcpExt: 1 2 3\nIpExt: A\nIpExt: 1\n')).toEqual({
    givenUp: 2,
    asked: 3,
  });
  expect(() => tcpCounters('TcpExt: A\nTcpExt: 1\n')).toThrow('the kernel counts no TCPAbortOnTimeout');
  expect(tcpCounters(readFileSync('/proc/self/net/netstat', 'utf8')).asked).toBeGreaterThanOrEqual(0);
});
