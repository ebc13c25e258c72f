import { describe, expect, test } from '@jest/globals';
import { decideConflict, decideHold, watchLease } from '../../base/elasticsearch/agent/lease.ts';
import { bad, good } from '../../base/lib/answer.ts';

const held = good({ holder: 'elasticsearch-2', version: '7' });
const conflict = (since: number, now: number, gone = false, answer = held) =>
  decideConflict(answer, { version: '7', since }, 'elasticsearch-1', now, 300, () => gone);

describe('the lease', () => {
  test('is mine when the API server says so', () => expect(decideHold(held)).toEqual({ do: 'hold' }));
  test('of somebody else is looked into', () => expect(decideHold(bad('conflict', ''))).toBe('conflict'));

  test.each(['no-answer', 'forbidden', 'busy', 'not-understood', 'not-listening', 'refused'] as const)(
    'is nobody knows whose when the API server answers with "%s"',
    (trouble) => {
      expect(decideHold(bad(trouble, ''))).toMatchObject({ do: 'silent', reason: expect.stringContaining(trouble) });
      expect(decideConflict(bad(trouble, ''), undefined, 'elasticsearch-1', 0, 300, () => false)).toMatchObject({
        do: 'silent',
      });
    },
  );

  test('is waited for while its holder gives signs, whatever any clock of another machine says', () => {
    expect(conflict(1000, 1300)).toEqual({ do: 'wait', reason: 'waiting: elasticsearch-2 restarts' });
    expect(conflict(1000, 1301)).toEqual({ do: 'take', version: '7', from: 'elasticsearch-2' });
  });

  test('counts from the moment at which this version was first seen', () => {
    const first = watchLease(undefined, '7', 100);
    expect(watchLease(first, '7', 400)).toEqual({ version: '7', since: 100 });
    expect(watchLease(first, '8', 400)).toEqual({ version: '8', since: 400 });
  });

  test('seen for the first time is never dead', () => {
    expect(decideConflict(held, undefined, 'elasticsearch-1', 1e9, 300, () => false)).toMatchObject({ do: 'wait' });
  });

  test('is taken at once from one that has left for good, or that was given back meanwhile', () => {
    expect(conflict(1000, 1000, true)).toMatchObject({ do: 'take', from: 'elasticsearch-2' });
    expect(conflict(1000, 1000, false, good({ holder: undefined, version: '7' } as never))).toMatchObject({
      do: 'take',
      version: '7',
    });
  });
});
