import { describe, expect, test } from '@jest/globals';
import { greenAfter } from '../harness/green-after.ts';
import { Gaps } from '../load/gaps.ts';
import type { Line } from '../load/protocol.ts';

describe('the longest gap', () => {
  test('is the longest time between two successes', () => {
    const gaps = new Gaps(0);
    for (const now of [10, 20, 520, 530]) gaps.success(now);
    expect(gaps.result(540)).toEqual({ ms: 500, until: 520 });
  });

  test('is the time since the last success, when nothing succeeds any more', () => {
    const gaps = new Gaps(0);
    gaps.success(100);
    expect(gaps.result(700)).toEqual({ ms: 600, until: 700 });
  });

  test('counts a start without any success', () => {
    expect(new Gaps(1000).result(9000).ms).toBe(8000);
  });
});

describe('the time to green', () => {
  const line = (at: number, status: string): Line => ({ kind: 'status', at, status: { status, nodes: 3 } });

  test('is from the first other status to the last return, whatever is between', () => {
    const lines = [
      line(500, 'green'),
      line(2000, 'unknown'),
      line(3000, 'yellow'),
      line(5000, 'green'),
      line(6000, 'yellow'),
      line(9000, 'green'),
    ];
    expect(greenAfter(lines, 1000)).toBe(7);
  });

  test('is nothing when the cluster stayed green, also while nodes came', () => {
    expect(greenAfter([line(2000, 'green'), line(3000, 'green')], 1000)).toBeUndefined();
  });

  test('is never, when it did not come back', () => {
    expect(greenAfter([line(2000, 'yellow')], 1000)).toBe(Infinity);
    expect(greenAfter([line(2000, 'yellow'), line(3000, 'green'), line(4000, 'red')], 1000)).toBe(Infinity);
  });

  test('does not count what was before', () => {
    expect(greenAfter([line(500, 'yellow'), line(1500, 'green')], 1000)).toBeUndefined();
  });
});
