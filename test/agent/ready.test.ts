import { describe, expect, test } from '@jest/globals';
import type { Health } from '../../base/elasticsearch/agent/ports.ts';
import { beginRecovery, decideRecovered, type Recovered, type Recovery } from '../../base/elasticsearch/agent/ready.ts';
import { health, picture } from './support/pictures.ts';

const waits = { READY_RECOVERY_SECONDS: 3600, READY_STALL_SECONDS: 30 };

const look = (
  copies: readonly string[],
  now: number,
  before?: Recovery,
  seen: Health | undefined = health(),
): Recovered => decideRecovered(before ?? beginRecovery(0), picture({ copies }), seen, now, waits);

/** The same look again and again; when it becomes ready, or "never". */
const readyAfter = (copies: readonly string[], seen?: Partial<Health>, until = 3599): number | string => {
  let before: Recovery | undefined;
  for (let now = 0; now <= until; now += 1) {
    const state = look(copies, now, before, health(seen));
    if (state.ready) return now;
    before = state.recovery;
  }
  return 'never';
};

describe('a node', () => {
  test('of a green cluster has recovered', () => {
    expect(look([], 0, undefined, health({ status: 'green' }))).toEqual({ ready: true, why: 'ready' });
  });

  test('with nothing missing that could come here has recovered', () => {
    const copies = [
      'load-0 STARTED elasticsearch-1',
      'load-0 UNASSIGNED',
      'load-1 INITIALIZING elasticsearch-0',
      'load-1 STARTED elasticsearch-1',
    ];
    expect(readyAfter(copies, { delayedUnassigned: 1, initializing: 1 })).toBe(0);
  });

  test('waits for a shard that recovers here, however long nothing seems to move', () => {
    expect(readyAfter(['load-0 INITIALIZING elasticsearch-1'])).toBe('never');
  });

  test.each([
    ['a recovery on another node', { initializing: 1 }],
    ['a copy that waits for its node to return', { delayedUnassigned: 1 }],
    ['a fetch of what nodes have', { inFlightFetch: 1 }],
  ])('that may get an unassigned copy waits for %s', (_, seen) => {
    expect(readyAfter(['load-1 UNASSIGNED'], seen)).toBe('never');
  });

  test('does not wait for what cannot be assigned longer than the stall time', () => {
    expect(readyAfter(['load-1 UNASSIGNED'])).toBe(30);
  });

  test('begins the stall time anew when something has moved, or was not known', () => {
    const two = look(['load-1 UNASSIGNED', 'load-2 UNASSIGNED'], 0);
    if (two.ready) throw new Error('ready too early');
    const one = look(['load-2 UNASSIGNED'], 40, two.recovery);
    expect(one).toMatchObject({ ready: false, recovery: { since: 40 } });
    if (one.ready) throw new Error('ready too early');
    expect(
      decideRecovered(one.recovery, picture({ copies: ['load-2 UNASSIGNED'] }), undefined, 75, waits),
    ).toMatchObject({
      ready: false,
      recovery: { missing: '', since: 75 },
    });
  });

  test('waits an hour for a health that is never told (408), and no longer', () => {
    const before = beginRecovery(0);
    expect(decideRecovered(before, picture(), undefined, 3600, waits).ready).toBe(false);
    expect(decideRecovered(before, picture(), undefined, 3601, waits)).toEqual({
      ready: true,
      why: 'ready after 3601 s, although shards still recover',
    });
  });

  test('says what it does not wait for, in a line that has an end', () => {
    const copies = Array.from({ length: 30_000 }, (_, i) => `${i}${'n'.repeat(250)} UNASSIGNED`);
    const first = look(copies, 0);
    if (first.ready) throw new Error('ready too early');
    const state = look(copies, 30, first.recovery);
    expect(state.ready && state.why.length).toBeLessThan(3000);
  });
});
