// The two things that go on by themselves: snapshots, and drills. Each one at a time; a drill stops no snapshot.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import { drill, lastDrill } from './drill.ts';
import type { Lane } from './lane.ts';
import type { Ports } from './ports.ts';
import { clean } from './recorded.ts';
import { look, own } from './repository.ts';
import { takeSnapshot } from './run.ts';
import { type Attempt, secondsToNext } from './schedule.ts';
import { isGood, newestFirst, RECORD } from './snapshots.ts';

/** After a drill that failed, and between looks whether one is due. */
const DRILL_RETRY_SECONDS = 6 * 3600;
const DRILL_LOOK_SECONDS = 60;

/** Said once for each new state. */
const saying = (ports: Ports, what: 'snapshot' | 'drill'): ((detail: string) => void) => {
  let last = '';
  return (detail) => {
    if (detail !== last) ports.say('WARN', `no ${what}: ${detail}`);
    last = detail;
  };
};

/** From the repository, whoever has taken it; not good where this cluster may not write there. */
const lastAttempt = async (ports: Ports): Promise<Answer<Attempt | undefined>> => {
  const list = await look(ports);
  if (!list.ok) return list;
  const mine = await own(ports, list.value);
  if (!mine.ok) return mine;
  const [last] = newestFirst(list.value.snapshots);
  return good(last === undefined ? undefined : { start: last.start, good: isGood(last) });
};

export const keepTaking = async (ports: Ports, lane: Lane, ready: () => Promise<void>): Promise<never> => {
  const { settings, sleep, now, watched } = ports;
  const sayNew = saying(ports, 'snapshot');
  let last: Attempt | undefined;
  for (;;) {
    const seen = await lane.run('a look', () => lastAttempt(ports));
    // It has read the repository: also where that is another cluster's.
    if (watched.isOurs !== undefined) await ready();
    if (seen.ok) {
      // A failure that left nothing in the repository was later.
      if (last === undefined || (seen.value?.start ?? 0) >= last.start) last = seen.value;
      await sleep(secondsToNext(last, now(), settings.times));
      const start = now();
      const done = await lane.run('a snapshot', () => takeSnapshot(ports));
      if (done.ok) last = { start: done.value.start, good: isGood(done.value) };
      else {
        watched.runs.failed += 1;
        last = { start, good: false };
        sayNew(done.detail);
      }
    } else {
      sayNew(seen.detail);
      await sleep(settings.times.retrySeconds);
    }
  }
};

const isDue = ({ watched, settings, now }: Ports): boolean => {
  const { drilled, lastGood, isOurs } = watched;
  if (isOurs !== true || lastGood === undefined || lastGood.start === 0) return false;
  if (drilled === undefined) return true;
  return now() - drilled.at > (drilled.good ? settings.drillIntervalSeconds : DRILL_RETRY_SECONDS);
};

/**
 * What the last drill came to, and what a process before this one has left beside the live data. A record that is
 * absent is that of a new cluster, or was deleted: then a drill is due. One that cannot be read is not absent.
 */
const knowsLast = async (ports: Ports): Promise<Answer<undefined>> => {
  const last = await lastDrill(ports, RECORD);
  if (last.ok) ports.watched.drilled ??= last.value;
  else if (last.trouble !== 'absent') return bad(last.trouble, `the last one is not known: ${last.detail}`);
  return clean(ports);
};

export const keepDrilling = async (ports: Ports, lane: Lane): Promise<never> => {
  const { watched, sleep } = ports;
  const sayNew = saying(ports, 'drill');
  let known = false;
  for (;;) {
    if (!known) {
      const ready = await knowsLast(ports);
      known = ready.ok;
      if (!ready.ok) sayNew(ready.detail);
    }
    if (known && isDue(ports)) {
      const done = await lane.run('a drill', () => drill(ports));
      if (!done.ok && watched.drilled === undefined) sayNew(done.detail);
    }
    await sleep(DRILL_LOOK_SECONDS);
  }
};
