// One snapshot: what there is is recorded, a snapshot is taken and judged, and what is over its time is deleted.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import { monthsNow } from './months.ts';
import type { Ports } from './ports.ts';
import { digestOf, type Months, reviewsIn, written } from './record.ts';
import { look, own } from './repository.ts';
import { expired } from './retention.ts';
import { isGood, isRunning, MONTHS, monthsIn, type Note, type Snapshot } from './snapshots.ts';

export const CURRENT = 'current';
const POLL_SECONDS = 1;

/** Its time to the second: sorted by name they are sorted by time. */
export const nameAt = (now: number): string =>
  `${MONTHS}${new Date(now * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '')
    .replace('T', '-')}`;

/** Writes what there is; the words that describe it. */
const record = async ({
  elasticsearch,
}: Ports): Promise<Answer<{ readonly months: Months; readonly words: string }>> => {
  const months = await monthsNow(elasticsearch);
  if (!months.ok) return months;
  const words = written(months.value);
  const done = await elasticsearch.write(CURRENT, words);
  return done.ok ? good({ months: months.value, words }) : done;
};

/** The snapshot that runs, until it does not any more: nobody stops one, as that would lose more. */
const ended = async (ports: Ports, name: string): Promise<Answer<Snapshot>> => {
  const { settings, say, now } = ports;
  const begin = now();
  let told = false;
  for (;;) {
    const list = await ports.elasticsearch.snapshots();
    if (list.ok) {
      const found = list.value.snapshots.find((snapshot) => snapshot.name === name);
      if (found === undefined) return bad('absent', `snapshot ${name} is not there any more`);
      if (!isRunning(found)) return good(found);
    } else if (list.trouble === 'forbidden' || list.trouble === 'absent') return list;
    // Elasticsearch ends one whose node is gone; what is too late is told, and the alert comes by its age.
    if (!told && now() - begin > settings.times.snapshotSeconds) {
      say('WARN', `snapshot ${name} still runs after ${settings.times.snapshotSeconds} s`);
      told = true;
    }
    await ports.sleep(POLL_SECONDS);
  }
};

const judged = ({ say, settings }: Ports, snapshot: Snapshot): boolean => {
  const { name, state, start, end, shards } = snapshot;
  const seconds = Math.round(end - start);
  const what = `${monthsIn(snapshot).length} months, ${shards.successful} of ${shards.total} shards, in ${seconds} s`;
  if (!isGood(snapshot)) {
    const why = state === 'SUCCESS' ? 'a month or its record is missing' : state;
    say('WARN', `snapshot ${name} is not good (${why}): ${what}`);
    return false;
  }
  say('INFO', `snapshot ${name} is good: ${what}, ${snapshot.note.reviews ?? 0} reviews`);
  if (seconds > settings.times.snapshotSeconds)
    say(
      'WARN',
      `it took longer than SNAPSHOT_SECONDS (${settings.times.snapshotSeconds}): more may be lost than meant`,
    );
  return true;
};

/** One by one: each is small, and what fails is tried again after the next snapshot. */
const tidy = async (ports: Ports): Promise<void> => {
  const { elasticsearch, settings, say, now } = ports;
  const list = await look(ports);
  if (!list.ok) return say('WARN', `nothing was deleted: ${list.detail}`);
  for (const name of list.value.unreadable) say('WARN', `snapshot ${name} cannot be read`);
  for (const name of expired(list.value.snapshots, now(), settings.keep)) {
    const done = await elasticsearch.remove(name);
    if (!done.ok && done.trouble !== 'absent') return say('WARN', `snapshot ${name} is not deleted: ${done.detail}`);
  }
  await look(ports);
};

const create = async (ports: Ports, cluster: string): Promise<Answer<string>> => {
  const { elasticsearch, say, now } = ports;
  const recorded = await record(ports);
  // Without it the others are saved all the same, but nothing says what a restore must bring back.
  if (!recorded.ok) say('WARN', `what there is could not be recorded: ${recorded.detail}`);
  const note: Note = recorded.ok
    ? {
        cluster,
        record: digestOf(recorded.value.words),
        months: Object.keys(recorded.value.months).length,
        reviews: reviewsIn(recorded.value.months),
      }
    : { cluster };
  const name = nameAt(now());
  const begun = await elasticsearch.create(name, note);
  if (!begun.ok) return begun;
  return begun.value ? good(name) : bad('refused', `snapshot ${name} was not accepted`);
};

/**
 * One that runs already, of a process before this one, is waited for in place of a new one. `cluster`: where it is
 * known that the repository is this cluster's.
 */
export const takeSnapshot = async (ports: Ports, cluster?: string): Promise<Answer<Snapshot>> => {
  const { elasticsearch, watched, now } = ports;
  const list = await look(ports);
  if (!list.ok) return list;
  const mine = cluster === undefined ? await own(ports, list.value) : good(cluster);
  if (!mine.ok) return mine;
  const running = list.value.snapshots.find(isRunning);
  let name = running?.name;
  if (name === undefined) {
    const verified = await elasticsearch.verify();
    if (!verified.ok) return verified;
    watched.verified = now();
    const begun = await create(ports, mine.value);
    if (!begun.ok) return begun;
    name = begun.value;
  }
  const snapshot = await ended(ports, name);
  if (!snapshot.ok) return snapshot;
  watched.isOurs = true;
  watched.runs[judged(ports, snapshot.value) ? 'good' : 'not-good'] += 1;
  await tidy(ports);
  return snapshot;
};
