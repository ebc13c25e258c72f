import { describe, expect, test } from '@jest/globals';
import { canBeSpared, harmless, sizeOf } from '../../base/elasticsearch/agent/spare.ts';
import { picture, pods } from './support/pictures.ts';

const reason = (verdict: ReturnType<typeof canBeSpared>): string => (verdict.ok ? 'ok' : verdict.reason);
const spared = (copies: readonly string[], size = 3): string => reason(canBeSpared(picture({ copies }), size));
const here = 'load STARTED elasticsearch-1';

describe('the copies of a node that restarts', () => {
  test.each([
    ['another one is started', [here, 'load STARTED elasticsearch-2']],
    ['the other one moves, and is in use where it is', [here, 'load RELOCATING elasticsearch-2']],
    ['an index has no other copies: nobody could ever spare it', ['single STARTED elasticsearch-1']],
    [
      'a fourth copy fits on none of three nodes',
      [here, 'load STARTED elasticsearch-0', 'load STARTED elasticsearch-2', 'load UNASSIGNED'],
    ],
    ['what is not here lacks copies', ['load STARTED elasticsearch-0', 'load UNASSIGNED']],
  ])('let it go when %s', (_, copies) => {
    expect(spared(copies)).toBe('ok');
  });

  test.each([
    ['the other one recovers', [here, 'load INITIALIZING elasticsearch-2']],
    ['the other one is on no node', [here, 'load UNASSIGNED']],
    [
      'of three only this and another are started: writes may wait for two',
      [here, 'load STARTED elasticsearch-2', 'load INITIALIZING elasticsearch-0'],
    ],
  ])('hold it when %s', (_, copies) => {
    expect(spared(copies)).toBe('waiting: too few other started copies of load/0');
    expect(spared(copies, 2)).toBe('waiting: too few other started copies of load/0');
  });

  test('are named in a line that has an end, however many and long they are', () => {
    const copies = Array.from({ length: 15_000 }, (_, i) => {
      const name = `${String(i).padStart(5, '0')}${'n'.repeat(250)}`;
      return [`${name} STARTED elasticsearch-1`, `${name} UNASSIGNED`];
    }).flat();
    const said = spared(copies);
    expect(said.length).toBeLessThan(3000);
    expect(said).toMatch(/ and 14990 more$/);
  });
});

describe('the vote of a node that restarts', () => {
  const votes = (members: readonly string[], voters: readonly string[], size = 3): string =>
    reason(canBeSpared(picture({ members, voters }), size));

  test('is not needed by two of three', () => expect(votes(pods(3), pods(3))).toBe('ok'));
  test('is needed while another voter is away', () =>
    expect(votes(pods(2), pods(3))).toBe('waiting: without this node the voters that are here are no majority'));
  test('is needed by half of four', () => expect(votes(pods(3), pods(4))).toContain('no majority'));
  test('is not made up for by members without a vote', () =>
    expect(votes([...pods(2), 'elasticsearch-3', 'elasticsearch-4'], pods(3))).toContain('no majority'));
  test('is not asked of two nodes, which can never do without one', () =>
    expect(votes(pods(2), pods(2), 2)).toBe('ok'));
});

test('a single node is never held', () => {
  expect(reason(canBeSpared(picture({ members: ['elasticsearch-1'], copies: [here, 'load UNASSIGNED'] }), 1))).toBe(
    'ok',
  );
});

describe('how many nodes the cluster has', () => {
  const place = (replicas: number) => ({ set: 'elasticsearch', replicas, first: 0 });
  test('is what is wanted', () => expect(sizeOf(picture({ members: pods(2) }), place(3), 'elasticsearch')).toBe(3));
  test('is more while some have not left yet', () => {
    expect(sizeOf(picture(), place(1), 'elasticsearch')).toBe(3);
    expect(sizeOf(picture({ members: pods(2), voters: pods(3) }), place(1), 'elasticsearch')).toBe(3);
  });
  test('is what the cluster says, when nobody else can tell', () => {
    const seen = picture({ members: [...pods(2), 'coordinating-7'], voters: ['elasticsearch-0'] });
    expect(sizeOf(seen, undefined, 'elasticsearch')).toBe(2);
    expect(sizeOf(picture({ members: ['elasticsearch-1'], voters: pods(3) }), undefined, 'elasticsearch')).toBe(3);
  });
});

test('a node with the only started copy of something is not harmless', () => {
  expect(harmless(picture({ copies: [here, 'load INITIALIZING elasticsearch-2'] }), 3)).toBe(false);
  expect(harmless(picture({ copies: [here, 'load STARTED elasticsearch-2', 'load UNASSIGNED'] }), 3)).toBe(true);
  expect(harmless(picture({ members: pods(2), voters: pods(3) }), 3)).toBe(false);
});
