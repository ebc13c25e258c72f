import { beforeEach, describe, expect, test } from '@jest/globals';
import { counting, createRecord } from '../../base/elasticsearch/agent/record.ts';
import { DECISIONS, type Decided, type Recorder } from '../../base/elasticsearch/agent/watched.ts';
import { bad, cut, good } from '../../base/lib/answer.ts';

let now: number;
let record: Recorder;
beforeEach(() => {
  now = 1000;
  record = createRecord(() => now);
});

describe('a phase', () => {
  test('begins with preparing, and lasts until another one is entered', () => {
    now += 5;
    record.enter('preparing');
    expect(record.look()).toMatchObject({ phase: 'preparing', phaseSeconds: 5, wait: null });
    record.enter('serving');
    now += 7.25;
    record.enter('serving');
    expect(record.look()).toMatchObject({ phase: 'serving', phaseSeconds: 7.3 });
  });

  test('counts from the moment that is given, of a stop that an earlier process of the agent saw begin', () => {
    record.enter('stopping-restart', now - 60);
    expect(record.look()).toMatchObject({ phase: 'stopping-restart', phaseSeconds: 60 });
  });

  test('ends the wait of the one before', () => {
    record.waits('recovery', 'shards recover');
    record.enter('serving');
    expect(record.look().wait).toBeNull();
  });
});

describe('a wait', () => {
  test('goes on while it is for the same thing, whatever the reason names', () => {
    record.waits('copies', 'of a');
    now += 10;
    record.waits('copies', 'of b');
    now += 5;
    expect(record.look().wait).toEqual({ for: 'copies', reason: 'of b', seconds: 15 });
  });

  test('for another thing begins anew, and so does one after none', () => {
    record.waits('copies', '');
    now += 10;
    record.waits('turn', 'elasticsearch-0 restarts');
    expect(record.look().wait).toMatchObject({ for: 'turn', seconds: 0 });
    record.waits(undefined);
    expect(record.look().wait).toBeNull();
    now += 10;
    record.waits('turn', '');
    expect(record.look().wait).toMatchObject({ seconds: 0 });
  });
});

describe('answers', () => {
  test('are counted by what they came to, for each server', () => {
    record.answered('elasticsearch', good(1));
    record.answered('elasticsearch', bad('no-answer', ''));
    record.answered('elasticsearch', cut(''));
    record.answered('elasticsearch', bad('not-understood', ''));
    record.answered('kubernetes', bad('forbidden', ''));
    const { elasticsearch, kubernetes } = record.look().answers;
    expect(elasticsearch).toMatchObject({ good: 1, 'no-answer': 1, cut: 1, 'not-understood': 1, forbidden: 0 });
    expect(kubernetes).toMatchObject({ good: 0, forbidden: 1, 'no-master': 0 });
  });

  test('that are good are looks; the age counts from the beginning until the first one', () => {
    now += 40;
    record.answered('elasticsearch', bad('no-master', ''));
    expect(record.look().lookAgeSeconds).toEqual({ elasticsearch: 40, kubernetes: 40 });
    record.answered('elasticsearch', good(1));
    now += 2;
    expect(record.look().lookAgeSeconds).toEqual({ elasticsearch: 2, kubernetes: 42 });
  });
});

test('a look is a copy: it does not change afterwards', () => {
  const before = record.look();
  record.decided('admit');
  record.answered('kubernetes', good(1));
  expect(before.decisions.admit).toBe(0);
  expect(before.answers.kubernetes.good).toBe(0);
});

test('every decision that is said is counted once, and no other line is', () => {
  const said: (Decided | undefined)[] = [];
  const say = counting(record, (_level, _message, decided) => void said.push(decided));
  for (const decision of DECISIONS) say('INFO', 'x', { decision });
  say('WARN', 'no decision');
  say('INFO', 'again', { decision: 'wait', waitsFor: 'turn' });
  const { decisions } = record.look();
  expect(decisions).toEqual({ ...Object.fromEntries(DECISIONS.map((each) => [each, 1])), wait: 2 });
  expect(said).toHaveLength(DECISIONS.length + 2);
});

test('each preparation begins an era, a second one in a row too, and nothing else does', () => {
  const before = record.era;
  record.enter('preparing');
  record.enter('preparing');
  expect(record.era).toBe(before + 2);
  record.enter('starting');
  record.waits('start');
  expect(record.era).toBe(before + 2);
});
