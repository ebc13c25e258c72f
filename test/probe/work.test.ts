// Tries, bounds and counts, in a time of their own: whatever is answered, or nothing, each comes to its end.
import { expect, test } from '@jest/globals';
import { type Answer, bad, good } from '../../base/lib/answer.ts';
import type { Elasticsearch } from '../../components/reviews-probe/program/elasticsearch.ts';
import { saying } from '../../components/reviews-probe/program/say.ts';
import { unseen } from '../../components/reviews-probe/program/watched.ts';
import {
  keepWriting,
  lookFor,
  type Ports,
  searchOnce,
  writeOnce,
} from '../../components/reviews-probe/program/work.ts';

interface Scene {
  readonly ports: Ports;
  readonly said: readonly string[];
  readonly clock: () => number;
}

const NOT_NOW = bad('no-answer', 'no whole answer');

/** `after`: what the server says that many seconds from the begin, having taken a while for it. */
const scene = (after: (seconds: number) => Answer<unknown>, takes = 0.1): Scene => {
  let now = 0;
  const said: string[] = [];
  // As http.ts does: no answer, at the latest when its time is over.
  const ask = (seconds: number): Promise<Answer<unknown>> => {
    now += Math.min(takes, seconds);
    return Promise.resolve(takes > seconds ? NOT_NOW : after(now));
  };
  const asked = async (seconds: number): Promise<Answer<undefined>> => {
    const answer = await ask(seconds);
    return answer.ok ? good(undefined) : answer;
  };
  const elasticsearch: Elasticsearch = {
    search: asked,
    write: (_, __, seconds) => asked(seconds),
    isFound: async (_, seconds) => {
      const answer = await ask(seconds);
      return answer.ok ? good(answer.value === true) : answer;
    },
    clear: () => Promise.reject(new Error('nobody asks for it here')),
  };
  const ports: Ports = {
    elasticsearch,
    settings: {
      search: { everySeconds: 5, withinSeconds: 5 },
      write: { everySeconds: 10, withinSeconds: 10 },
      foundWithinSeconds: 30,
      trySeconds: 2,
      startSeconds: 0,
    },
    time: {
      clock: () => now,
      sleep: (seconds) => {
        now += seconds;
        return Promise.resolve();
      },
    },
    now: () => new Date(1000 * now),
    newId: () => 'probe-1',
    watched: unseen(0),
    say: (_, message) => said.push(message),
  };
  return { ports, said, clock: () => now };
};

const from = (begin: number, value: unknown = true): ((seconds: number) => Answer<unknown>) => {
  return (seconds) => (seconds >= begin ? good(value) : bad('busy', 'HTTP 503'));
};

test('a search that is answered after a gap is good, and took as long as the gap', async () => {
  const { ports } = scene(from(3));
  expect(await searchOnce(ports)).toBe('good');
  expect(ports.watched.search.seconds.sum).toBeGreaterThan(3);
  expect(ports.watched.search.seconds.sum).toBeLessThan(4);
});

test.each([
  ['fails', 0.1],
  ['hangs', 1000],
])('a search that %s is over after its time, and bad', async (_, takes) => {
  const { ports, clock, said } = scene(from(100), takes);
  expect(await searchOnce(ports)).toBe('bad');
  expect(clock()).toBeLessThanOrEqual(5.001);
  expect(ports.watched.search).toMatchObject({ outcomes: { good: 0, bad: 1 }, seconds: { count: 0 } });
  expect(said).toEqual([expect.stringContaining('search: bad')]);
});

test('so is a write', async () => {
  const { ports, clock } = scene(from(100), 1000);
  expect(await writeOnce(ports)).toBeUndefined();
  expect(clock()).toBeLessThanOrEqual(10.001);
  expect(ports.watched.write.outcomes.bad).toBe(1);
});

test('a write whose first answer was lost is found to be there; at the first try that is somebody else', async () => {
  const lost = scene((seconds) => (seconds < 0.2 ? NOT_NOW : bad('conflict', 'HTTP 409')));
  expect(await writeOnce(lost.ports)).toBe('probe-1');
  const others = scene((seconds) => (seconds < 0.2 ? bad('conflict', 'HTTP 409') : NOT_NOW));
  expect(await writeOnce(others.ports)).toBeUndefined();
});

test('what was acknowledged is found when a search has it; a search that fails has not', async () => {
  const late = scene((seconds) => (seconds < 2 ? bad('busy', 'HTTP 503') : good(seconds > 4)));
  await lookFor(late.ports, 'probe-1');
  expect(late.ports.watched.found.outcomes).toMatchObject({ good: 1, bad: 0 });
  expect(late.ports.watched.found.seconds.sum).toBeGreaterThan(4);
  const never = scene(() => good(false));
  await lookFor(never.ports, 'probe-1');
  expect(never.ports.watched.found).toMatchObject({ outcomes: { good: 0, bad: 1 }, seconds: { count: 0 } });
  expect(never.clock()).toBeLessThanOrEqual(30.001);
});

test('it deletes once a day, and never what it still looks for', async () => {
  const { ports } = scene(() => good(true));
  const clears: object[] = [];
  let [written, looks, found] = [0, 0, 0];
  const elasticsearch: Elasticsearch = {
    ...ports.elasticsearch,
    write: () => {
      written += 1;
      return written > 6 ? Promise.reject(new Error('enough')) : Promise.resolve(good(undefined));
    },
    // At each tenth look: the next write is due by then.
    isFound: () => {
      looks += 1;
      found += looks % 10 === 0 ? 1 : 0;
      return Promise.resolve(good(looks % 10 === 0));
    },
    clear: (now) => {
      clears.push({ day: now.getUTCDate(), written, found });
      return Promise.resolve(good(undefined));
    },
  };
  const halfADay = { everySeconds: 43_200, withinSeconds: 10 };
  const settings = { ...ports.settings, write: halfADay, foundWithinSeconds: 90_000 };
  await expect(keepWriting({ ...ports, elasticsearch, settings })).rejects.toThrow('enough');
  expect(clears.slice(0, 3)).toEqual([
    { day: 1, written: 1, found: 1 },
    { day: 2, written: 2, found: 2 },
    { day: 3, written: 4, found: 4 },
  ]);
});

test('what lasts is one line of the log, however long each try was waited for', () => {
  const said: string[] = [];
  const say = saying((_, message) => said.push(message));
  const [waited, again] = [0.2, 0.31].map((seconds) => `search: bad: no whole answer within ${seconds} s`);
  for (const message of [waited, again, 'HTTP 503', 'HTTP 429', again]) say('WARN', message ?? '');
  expect(said).toEqual([waited, 'HTTP 503', 'HTTP 429', again]);
});
