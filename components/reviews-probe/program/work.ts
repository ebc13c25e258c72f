// What the probe does, again and again: it searches, it writes, it looks for what it has written, and deletes it.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import type { Say } from '../../../base/lib/say.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { observe } from './histogram.ts';
import { dayOf } from './indices.ts';
import { saying } from './say.ts';
import type { Settings } from './settings.ts';
import { type Time, type Tried, tryWithin } from './tries.ts';
import { type Of, type Outcome, outcomeOf, type Watched } from './watched.ts';

export interface Ports {
  readonly elasticsearch: Elasticsearch;
  readonly settings: Omit<Settings, 'elasticsearch' | 'metricsPort'>;
  readonly time: Time;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly watched: Watched;
  readonly say: Say;
}

/** Between two tries. */
const AGAIN_SECONDS = 0.5;
/** Between two looks for what was written: how exact "found" is. */
const LOOK_SECONDS = 0.2;
/** After a deletion that was refused. */
const CLEAR_AGAIN_SECONDS = 600;

const count = (
  { watched, settings: { startSeconds }, time, say }: Ports,
  of: Of,
  { answer, seconds }: Tried<unknown>,
): Outcome => {
  const { outcomes, seconds: taken } = watched[of];
  const isStarting = time.clock() - watched.began < startSeconds;
  const outcome = outcomeOf(of, answer, { hasBeenGood: outcomes.good > 0, isStarting });
  outcomes[outcome] += 1;
  if (answer.ok) observe(taken, seconds);
  else say('WARN', `${of}: ${outcome} (${answer.trouble}): ${answer.detail}`);
  return outcome;
};

export const searchOnce = async (ports: Ports): Promise<Outcome> => {
  const { elasticsearch, settings, time } = ports;
  const { trySeconds, search } = settings;
  const bounds = { withinSeconds: search.withinSeconds, trySeconds, pauseSeconds: AGAIN_SECONDS };
  return count(ports, 'search', await tryWithin(time, bounds, elasticsearch.search));
};

/** The review's id where it was acknowledged. */
export const writeOnce = async (ports: Ports): Promise<string | undefined> => {
  const { elasticsearch, settings, time, now, newId } = ports;
  const { trySeconds, write } = settings;
  const bounds = { withinSeconds: write.withinSeconds, trySeconds, pauseSeconds: AGAIN_SECONDS };
  const [id, at] = [newId(), now()];
  const tried = await tryWithin(time, bounds, async (seconds, number) => {
    const answer = await elasticsearch.write(id, at, seconds);
    // An earlier try was taken, and its answer lost. At the first one it would be somebody else's.
    return number > 0 && !answer.ok && answer.trouble === 'conflict' ? good(undefined) : answer;
  });
  return count(ports, 'write', tried) === 'good' ? id : undefined;
};

/** From the moment at which it was acknowledged. A search that fails has not found it. */
export const lookFor = async (ports: Ports, id: string): Promise<void> => {
  const { elasticsearch, settings, time } = ports;
  const bounds = { withinSeconds: settings.foundWithinSeconds, trySeconds: settings.trySeconds };
  const tried = await tryWithin(time, { ...bounds, pauseSeconds: LOOK_SECONDS }, async (seconds) => {
    const found: Answer<boolean> = await elasticsearch.isFound(id, seconds);
    return !found.ok || found.value ? found : bad('no-answer', 'it was not found');
  });
  count(ports, 'found', tried);
};

/** Begins anew with these seconds between, or at once where one took longer. */
const keep = async ({ clock, sleep }: Time, everySeconds: number, work: () => Promise<unknown>): Promise<never> => {
  for (;;) {
    const next = clock() + everySeconds;
    await work();
    await sleep(Math.max(0, next - clock()));
  }
};

export const keepSearching = (ports: Ports): Promise<never> => {
  const say = saying(ports.say);
  return keep(ports.time, ports.settings.search.everySeconds, async () => {
    if ((await searchOnce({ ...ports, say })) === 'good') say('INFO', 'search: good');
  });
};

/** Whether the day's deletion is due: not where nothing can be written. */
export const isToClear = (
  day: string,
  { last, written }: { readonly last: string; readonly written: boolean },
): boolean => day !== last && written;

export const keepWriting = (ports: Ports): Promise<never> => {
  const { time, now, elasticsearch, watched } = ports;
  const [say, sayOfClearing] = [saying(ports.say), saying(ports.say)];
  const lookups = new Set<Promise<void>>();
  let [last, notBefore, written] = ['', 0, false];

  // At its start, too: what a process before has left goes with it.
  const clear = async (): Promise<void> => {
    const day = dayOf(now());
    if (time.clock() < notBefore || !isToClear(day, { last, written })) return;
    // What is deleted is not found. Each of them has its end.
    await Promise.all(lookups);
    const done = await elasticsearch.clear(now());
    if (done.ok) {
      last = day;
      watched.cleared = now().getTime() / 1000;
      sayOfClearing('INFO', `what was written before ${now().toISOString()} is deleted`);
    } else {
      notBefore = time.clock() + CLEAR_AGAIN_SECONDS;
      sayOfClearing('WARN', `what was written is not deleted: ${done.detail}`);
    }
  };

  return keep(time, ports.settings.write.everySeconds, async () => {
    await clear();
    const id = await writeOnce({ ...ports, say });
    written = id !== undefined;
    if (id === undefined) return;
    say('INFO', 'write: good');
    // Beside the next writes. What it throws ends the program, as anything does that nobody has thought of.
    const lookup: Promise<void> = lookFor(ports, id).finally(() => {
      lookups.delete(lookup);
    });
    lookups.add(lookup);
  });
};
