import { describe, expect, test } from '@jest/globals';
import { decideEnd, roomFor, type Situation, TROUBLES } from '../../base/elasticsearch/agent/bounds.ts';
import type { Trouble } from '../../base/lib/answer.ts';
import { WAITS } from './support/hook.ts';

const end = (change: Partial<Situation> & { trouble?: Trouble; idle?: boolean; seconds?: number }): string => {
  const { trouble, idle = false, seconds = 0, ...rest } = change;
  const now = 10_000;
  const hearing = trouble === undefined ? undefined : { trouble, idle, since: now - seconds };
  const usual: Situation = {
    way: 'restart',
    now,
    began: now - 40,
    since: now - 35,
    hearing,
    known: 'unknown',
    deletesClaims: false,
    leaseSeconds: 300,
    room: undefined,
  };
  const decided = decideEnd({ ...usual, ...rest }, WAITS);
  if (decided.end === 'leave') return `leave with ${decided.turn}: ${decided.why}`;
  return decided.end === 'fine' ? `fine: ${decided.why}` : 'wait';
};

const ways = ['restart', 'decommission'] as const;
const all = Object.keys(TROUBLES) as Trouble[];

describe('a node that learns nothing', () => {
  test.each(ways)('of a %s, whose Elasticsearch does not run, has nothing to protect', (way) => {
    expect(end({ way, trouble: 'not-listening', seconds: 30 })).toBe(
      'leave with none: Elasticsearch does not listen for 30 s',
    );
    expect(end({ way, trouble: 'not-listening', seconds: 29 })).toBe('wait');
  });

  test.each(['no-master', 'no-answer'] as const)(
    '(%s) may restart with the lease, when its last picture was harmless',
    (trouble) => {
      expect(end({ trouble, seconds: 30, known: 'harmless' })).toContain('leave with lease');
      expect(end({ trouble, seconds: 29, known: 'harmless' })).toBe('wait');
      expect(end({ trouble, seconds: 1000, known: 'harmful' })).toBe('wait');
      expect(end({ trouble, seconds: 1000, known: 'unknown' })).toBe('wait');
      expect(end({ trouble, seconds: 1000, known: 'harmless', way: 'decommission' })).toBe('wait');
    },
  );

  test('may restart in order and without a turn, when it is in no cluster', () => {
    const idle = { trouble: 'no-master', idle: true } as const;
    expect(end({ ...idle, seconds: 30 })).toBe(
      'fine: no master is elected for 30 s, and no copy on this node is in use',
    );
    expect(end({ ...idle, seconds: 29 })).toBe('wait');
    expect(end({ ...idle, seconds: 1000, way: 'decommission' })).toBe('wait');
  });

  test.each(all.filter((trouble) => !['not-listening', 'no-master', 'no-answer'].includes(trouble)))(
    '(%s) waits as long as for a reason that it knows',
    (trouble) => {
      for (const way of ways)
        for (const known of ['harmless', 'harmful', 'unknown'] as const)
          expect(end({ way, known, trouble, seconds: 1700, since: 10_000 - 1700, began: 10_000 - 1705 })).toBe('wait');
    },
  );

  test('each in words of its own', () => expect(new Set(Object.values(TROUBLES)).size).toBe(all.length));
});

describe('the time of a way', () => {
  const after = (seconds: number, change: Partial<Situation> = {}) =>
    end({ since: 10_000 - seconds, began: 10_000 - seconds - 5, known: 'harmful', ...change });

  test('ends, one node after the other', () => {
    expect(after(1799)).toBe('wait');
    expect(after(1800)).toBe('leave with any: 1800 s have passed');
    expect(after(3599, { way: 'decommission' })).toBe('wait');
    expect(after(3600, { way: 'decommission' })).toBe('leave with any: 3600 s have passed');
  });

  test('ends for all, before the grace period does it', () => {
    expect(after(2400)).toBe('leave with none: 1800 s have passed');
    expect(after(1800, { began: 10_000 - 5405 })).toBe('leave with none: 1800 s have passed');
  });

  test('does not end for a node that would lose its disk with data on it (whenScaled: Delete)', () => {
    const lost = { way: 'decommission', deletesClaims: true } as const;
    expect(after(1e6, lost)).toBe('wait');
    expect(after(1e6, { ...lost, known: 'unknown' })).toBe('wait');
    expect(after(1e6, { ...lost, known: 'harmless' })).toContain('leave');
    expect(after(1e6, { ...lost, way: 'restart' })).toContain('leave');
  });
});

describe('what is left for waiting', () => {
  test.each([
    [600, 475],
    [180, 55],
    [126, 1],
    [125, 0],
    [30, 0],
    [0, 0],
  ])('of %i s that a pod is granted is %i s: what Elasticsearch may need comes first', (grace, room) => {
    expect(roomFor(grace, WAITS)).toBe(room);
  });

  test('is all where all fits', () => {
    expect(roomFor(5700, WAITS)).toBeUndefined();
    expect(roomFor(5435 + 120 + 5, WAITS)).toBeUndefined();
    // A second less than the waits, and the time from the last of them to SIGTERM.
    expect(roomFor(5435 + 120 + 5 - 1, WAITS)).toBe(5434);
  });

  test.each(ways)('ends a %s, in its last quarter with the turn, then without', (way) => {
    const after = (seconds: number) =>
      end({ way, room: 475, known: 'harmful', began: 10_000 - seconds, since: 10_000 - seconds + 5 });
    expect(after(356)).toBe('wait');
    expect(after(357)).toBe('leave with any: of the 475 s that the pod is granted for waiting few are left');
    expect(after(474)).toContain('leave with any');
    expect(after(475)).toContain('leave with none');
  });

  test('makes no wait longer', () => {
    const spared = { room: 4000, known: 'harmful', began: 10_000 - 1805, since: 10_000 - 1800 } as const;
    expect(end(spared)).toBe('leave with any: 1800 s have passed');
  });
});
