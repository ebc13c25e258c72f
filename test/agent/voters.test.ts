import { describe, expect, test } from '@jest/globals';
import { cannotElect, formatVoters, parseVoters, votersOf } from '../../base/elasticsearch/agent/voters.ts';
import { picture, pod, pods } from './support/pictures.ts';

const voters = (count: number) => new Map(pods(count).map((name) => [`id-${name}`, name]));
const place = (replicas: number, first = 0) => ({ set: 'elasticsearch', replicas, first });

describe('a cluster that comes back from nothing', () => {
  test.each([
    [3, 1],
    [5, 2],
    [7, 3],
  ])('with %d voters is refused with %d nodes, which could never elect', (count, replicas) => {
    expect(cannotElect(voters(count), place(replicas))).toContain(`Scale to ${count} first`);
    expect(cannotElect(voters(count), place(count))).toBeUndefined();
  });

  test.each([
    [3, 2],
    [5, 3],
    [7, 4],
    [1, 1],
  ])('with %d voters is let in with %d nodes, which are a majority', (count, replicas) => {
    expect(cannotElect(voters(count), place(replicas))).toBeUndefined();
  });

  test('is let in where nothing is known', () => {
    expect(cannotElect(undefined, place(1))).toBeUndefined();
    expect(cannotElect(parseVoters('nonsense'), place(1))).toBeUndefined();
  });

  test('names what is missing, by the ordinals from the first on', () => {
    const from5 = new Map([5, 6, 7].map((n) => [`id-${n}`, pod(n)]));
    expect(cannotElect(from5, place(1, 5))).toMatch(
      /elasticsearch-6, elasticsearch-7 are not wanted.*Scale to 3 first/s,
    );
  });

  test('counts voters of other names as there', () => {
    const mixed = new Map([...voters(2), ['x', 'coordinating-7'], ['y', '']]);
    expect(cannotElect(mixed, place(1))).toBeUndefined();
  });
});

describe('what is remembered', () => {
  test('is read as it was written', () => {
    const text = formatVoters(voters(3));
    expect(text).toBe(
      'id-elasticsearch-0=elasticsearch-0,id-elasticsearch-1=elasticsearch-1,id-elasticsearch-2=elasticsearch-2',
    );
    expect(parseVoters(`${text}\n`)).toEqual(voters(3));
    expect(parseVoters('')).toBeUndefined();
    expect(parseVoters(undefined)).toBeUndefined();
  });

  test('keeps the name of a voter that has gone', () => {
    const seen = picture({ members: pods(2), voters: pods(3) });
    expect(votersOf(seen, voters(3)).get('id-elasticsearch-2')).toBe('elasticsearch-2');
    expect(votersOf(seen, undefined).get('id-elasticsearch-2')).toBe('');
  });
});
