import { describe, expect, test } from '@jest/globals';
import {
  exclusions,
  type Move,
  markVotes,
  moved,
  voteGivenUp,
  votesLeftBehind,
} from '../../base/elasticsearch/agent/decommission.ts';
import { stays } from '../../base/elasticsearch/agent/members.ts';
import { EXCLUDE_NAME, NOTES } from '../../base/elasticsearch/agent/parse.ts';
import { health, picture, pod, pods, type Sketch } from './support/pictures.ts';

const place = { set: 'elasticsearch', replicas: 3, first: 0 };
const five: Sketch = { me: pod(4), members: pods(5), voters: pods(5) };

describe('who stays', () => {
  test.each([
    ['elasticsearch-2', true],
    ['elasticsearch-3', false],
    ['coordinating-7', true],
    ['elasticsearch-extra-7', true],
    ['elasticsearch-03', true],
    ['elasticsearch', true],
  ])('%s: %s', (name, expected) => expect(stays(name, place)).toBe(expected));

  test('is told by the place in the StatefulSet, whatever number that begins with', () => {
    expect([4, 5, 7, 8].map((n) => stays(pod(n), { ...place, first: 5 }))).toEqual([false, true, true, false]);
  });
});

describe('exclusions from allocation', () => {
  const all = [
    [EXCLUDE_NAME, 'elasticsearch-3,elasticsearch-4'],
    [`${NOTES}decommissioning`, 'elasticsearch-3,elasticsearch-4'],
  ];

  test.each([3, 4])('are the same from elasticsearch-%d: all that leave', (me) => {
    expect([...exclusions(picture({ ...five, me: pod(me) }), place)]).toEqual(all);
  });

  test('are not written when they stand already', () => {
    const notes = { decommissioning: 'elasticsearch-3,elasticsearch-4' };
    const excluded = ['elasticsearch-3', 'elasticsearch-4'];
    expect(exclusions(picture({ ...five, excluded, notes }), place).size).toBe(0);
  });

  test("keep an administrator's own, and do not mark them", () => {
    const excluded = ['elasticsearch-0', 'coordinating-7', 'elasticsearch-4'];
    expect([...exclusions(picture({ ...five, excluded }), place)]).toEqual([
      [EXCLUDE_NAME, 'elasticsearch-0,coordinating-7,elasticsearch-4,elasticsearch-3'],
      [`${NOTES}decommissioning`, 'elasticsearch-3'],
    ]);
  });

  test('leave nodes of other names alone', () => {
    const members = [...pods(5), 'coordinating-7', 'search-9'];
    expect([...exclusions(picture({ ...five, members }), place)]).toEqual(all);
  });

  test('drop marked ones of nodes that are wanted again', () => {
    const notes = { decommissioning: 'elasticsearch-2,elasticsearch-3,elasticsearch-4' };
    const excluded = ['elasticsearch-2', 'elasticsearch-3', 'elasticsearch-4'];
    expect([...exclusions(picture({ ...five, excluded, notes }), place)]).toEqual(all);
  });
});

describe('a node that leaves for good', () => {
  const excluded = ['elasticsearch-3', 'elasticsearch-4'];
  const move = (copies: readonly string[], more: Sketch = {}, busy = {}, waited = 60): Move => {
    const seen = picture({ ...five, excluded, copies, ...more });
    const first = moved(seen, health(busy), place, undefined, 100, 30);
    return first.done ? first : moved(seen, health(busy), place, first.still, 100 + waited, 30);
  };
  const mine = 'load STARTED elasticsearch-4';

  test('has moved when nothing is here', () => {
    expect(move(['load STARTED elasticsearch-0', 'load STARTED elasticsearch-1'])).toEqual({ done: true, behind: [] });
  });

  test.each([
    ['the last copy', [mine]],
    ['the last started copy', [mine, 'load INITIALIZING elasticsearch-1']],
    ['one whose only other copy leaves as well', [mine, 'load STARTED elasticsearch-3']],
    ['one that moves', ['load RELOCATING elasticsearch-4', 'load STARTED elasticsearch-1']],
    ['one of three, with one that stays', [mine, 'load STARTED elasticsearch-1', 'load STARTED elasticsearch-3']],
  ])('does not leave %s', (_, copies) => {
    expect(move(copies, {}, {}, 1e9)).toMatchObject({
      done: false,
      reason: 'leaving for good: 1 shards are still here: load/0',
    });
  });

  test('leaves a copy that fits nowhere else, when another one stays, after the stall time', () => {
    const copies = [mine, 'load STARTED elasticsearch-1'];
    expect(move(copies)).toEqual({ done: true, behind: ['load/0'] });
    expect(move(copies, {}, {}, 29)).toMatchObject({ done: false });
  });

  test.each([
    ['anything moves', {}, { relocating: 1 }],
    ['anything recovers', {}, { initializing: 1 }],
    ['a node is away that it could move to', { members: [pod(0), pod(1), pod(3), pod(4)] }, {}],
    ['a node of another name stands in for that', { members: [pod(0), pod(1), pod(4), 'coordinating-7'] }, {}],
  ])('does not take a copy for one that fits nowhere while %s', (_, more, busy) => {
    expect(move([mine, 'load STARTED elasticsearch-1'], more, busy)).toMatchObject({ done: false });
  });

  test('begins to count anew when something has moved', () => {
    const one = picture({ ...five, excluded, copies: [mine, 'load STARTED elasticsearch-1'] });
    const two = picture({
      ...five,
      excluded,
      copies: [mine, 'load STARTED elasticsearch-1', 'x STARTED elasticsearch-4', 'x STARTED elasticsearch-0'],
    });
    const first = moved(two, health(), place, undefined, 0, 30);
    expect(moved(one, health(), place, first.done ? undefined : first.still, 60, 30)).toMatchObject({
      done: false,
      still: { since: 60 },
    });
  });

  test('does not trust an empty node that new shards are not kept away from', () => {
    expect(move([], { excluded: [] })).toMatchObject({ done: false, reason: expect.stringContaining('not kept away') });
    expect(move([], { excludedForNow: ['elasticsearch-9'] })).toMatchObject({
      done: false,
      reason: expect.stringContaining('a transient'),
    });
  });
});

describe('votes', () => {
  test('count as given up when those that are left can elect', () => {
    expect(voteGivenUp(picture({ ...five, voters: pods(3) }))).toBe(true);
    expect(voteGivenUp(picture({ ...five, voters: pods(5) }))).toBe(false);
  });

  test('do not, when a condemned pod that could not run its hook holds one that is needed', () => {
    const two = picture({ me: pod(1), members: pods(2), voters: [pod(0), pod(2)] });
    expect(voteGivenUp(two)).toBe(false);
    const one = { ...place, replicas: 1 };
    expect(votesLeftBehind(two, new Map([['id-elasticsearch-2', pod(2)]]), one)).toEqual(['id-elasticsearch-2']);
    expect(votesLeftBehind(two, new Map([['id-elasticsearch-2', 'coordinating-7']]), one)).toEqual([]);
    expect(votesLeftBehind(two, undefined, one)).toEqual([]);
    expect(votesLeftBehind(two, new Map([['id-elasticsearch-2', pod(2)]]), place)).toEqual([]);
  });

  test('are marked before they are given up, beside the marks of others', () => {
    const seen = picture({ ...five, notes: { votes: 'elasticsearch-3' } });
    expect([...markVotes(seen, [pod(4)])]).toEqual([[`${NOTES}votes`, 'elasticsearch-3,elasticsearch-4']]);
    expect(markVotes(seen, [pod(3)]).size).toBe(0);
  });
});
