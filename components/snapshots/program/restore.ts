// A restore into a cluster without reviews, and the proof that all is there. Afterwards the repository is this
// cluster's.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import { monthsNow } from './months.ts';
import type { Ports } from './ports.ts';
import { compare, type Months, reviewsIn } from './record.ts';
import { clean, recordIn } from './recorded.ts';
import { look, takeOver } from './repository.ts';
import { takeSnapshot } from './run.ts';
import { isGood, isRunning, MONTHS, monthsIn, newestGood, ownerOf, type Snapshot } from './snapshots.ts';

const POLL_SECONDS = 2;

export interface Wish {
  /** The newest good one where none is named. */
  readonly snapshot: string | undefined;
  /** Also one that is not good. */
  readonly force: boolean;
}

export interface Restored {
  readonly snapshot: string;
  readonly reviews: number;
  readonly months: number;
  readonly seconds: number;
  /** Whether there was a record to hold it against, and what is not as it says: more than none only with force. */
  readonly recorded: boolean;
  readonly wrong: readonly string[];
}

const isThere = (months: Months): Answer<never> =>
  bad(
    'refused',
    `this cluster has ${reviewsIn(months)} reviews in ${Object.keys(months).join(', ')}: nothing was restored over ` +
      'them. Stop the writers. If these reviews are to go, delete the months as elastic, by name (DELETE /MONTH), ' +
      'and start again',
  );

/**
 * A restore that was interrupted after the months were back, and before the repository was taken over: all of the
 * snapshot is here as recorded, and nothing else is.
 */
const wasInterrupted = (snapshot: Snapshot, recorded: Months, there: Months): boolean => {
  const [months, here] = [monthsIn(snapshot), Object.keys(there).sort()];
  const isWhole = months.join() === here.join() && months.join() === Object.keys(recorded).sort().join();
  return (
    isWhole && Object.entries(there).every(([name, month]) => compare(recorded[name], month, undefined).is === 'equal')
  );
};

const chosen = (snapshots: readonly Snapshot[], { snapshot: name, force }: Wish): Answer<Snapshot> => {
  if (name === undefined) {
    const last = newestGood(snapshots);
    return last === undefined
      ? bad('absent', 'the repository has no good snapshot; name one to restore it')
      : good(last);
  }
  const found = snapshots.find((snapshot) => snapshot.name === name);
  if (found === undefined) return bad('absent', `the repository has no snapshot ${name}`);
  if (isRunning(found)) return bad('refused', `snapshot ${name} is still being taken`);
  if (isGood(found) || force) return good(found);
  return bad('refused', `snapshot ${name} is not good (${found.state}): with FORCE=1 what it has is restored`);
};

/** Every shard has its first copy; yellow is enough to read, green is waited for by who asked. */
const untilThere = async (ports: Ports, months: readonly string[]): Promise<Answer<undefined>> => {
  const { elasticsearch, settings, now, sleep } = ports;
  const last = now() + settings.restoreSeconds;
  for (;;) {
    const health = await elasticsearch.health(`${MONTHS}*`);
    const red = !health.ok || months.some((month) => !['green', 'yellow'].includes(health.value.indices[month] ?? ''));
    if (!red) return good(undefined);
    if (now() > last) return bad('busy', 'a month has no copy that can be read');
    await sleep(POLL_SECONDS);
  }
};

const proved = async (
  ports: Ports,
  months: readonly string[],
  recorded: Months,
): Promise<Answer<{ readonly reviews: number; readonly wrong: readonly string[] }>> => {
  const { elasticsearch, say } = ports;
  let reviews = 0;
  const wrong = Object.keys(recorded).filter((month) => !months.includes(month));
  for (const month of months) {
    const found = await elasticsearch.month(month);
    if (!found.ok) return found;
    // The cluster that could say what has changed since is lost.
    const verdict = compare(recorded[month], found.value, undefined, true);
    reviews += found.value.reviews;
    if (verdict.is === 'wrong') wrong.push(`${month} ${verdict.why}`);
    const more = verdict.is === 'more' ? `, ${verdict.by} of them written while it began` : ', as recorded';
    say('INFO', `${month}: ${found.value.reviews} reviews${verdict.is === 'wrong' ? `: WRONG, ${verdict.why}` : more}`);
  }
  return good({ reviews, wrong });
};

const bringBack = async (ports: Ports, snapshot: Snapshot): Promise<Answer<undefined>> => {
  const { elasticsearch, settings, say } = ports;
  const months = monthsIn(snapshot);
  if (months.length === 0) return bad('refused', `snapshot ${snapshot.name} has no month of reviews`);
  say('INFO', `restores ${months.length} months of snapshot ${snapshot.name}`);
  const seconds = settings.restoreSeconds;
  const done = await elasticsearch.restore({ snapshot: snapshot.name, indices: months, beside: false, seconds });
  // A broken connection says nothing about the restore, which goes on: what comes of it is seen.
  if (!done.ok && done.trouble !== 'no-answer') return done;
  if (done.ok && done.value.failed > 0)
    return bad(
      'refused',
      `${done.value.failed} of ${done.value.total} shards of snapshot ${snapshot.name} are damaged. Delete the ` +
        'months as elastic, by name, and restore an earlier snapshot (SNAPSHOT=NAME)',
    );
  return untilThere(ports, months);
};

export const restore = async (ports: Ports, wish: Wish): Promise<Answer<Restored>> => {
  const { say, now } = ports;
  const begin = now();
  const there = await monthsNow(ports.elasticsearch);
  if (!there.ok) return there;
  const isEmpty = Object.keys(there.value).length === 0;
  const list = await look(ports);
  if (!list.ok) return list;
  const cluster = await ports.elasticsearch.cluster();
  if (!cluster.ok) return cluster;
  // Whoever has the repository was not interrupted before taking it over.
  if (!isEmpty && ownerOf(list.value.snapshots, cluster.value).is === 'us') return isThere(there.value);
  const snapshot = chosen(list.value.snapshots, wish);
  if (!snapshot.ok) return snapshot;
  const before = await clean(ports);
  if (!before.ok) return before;
  const recorded = await recordIn(ports, snapshot.value);
  const cleaned = await clean(ports);
  if (!cleaned.ok) return cleaned;
  if (!recorded.ok && !wish.force) return recorded;
  if (isEmpty) {
    const back = await bringBack(ports, snapshot.value);
    if (!back.ok) return back;
  } else {
    if (!recorded.ok || !wasInterrupted(snapshot.value, recorded.value, there.value)) return isThere(there.value);
    say('INFO', `all months of snapshot ${snapshot.value.name} are here already: goes on after them`);
  }
  const months = monthsIn(snapshot.value);
  const proof = await proved(ports, months, recorded.ok ? recorded.value : {});
  if (!proof.ok) return proof;
  const { reviews, wrong } = proof.value;
  if (wrong.length > 0 && !wish.force) return bad('refused', `restored, but not as recorded: ${wrong.join('; ')}`);
  const seconds = now() - begin;
  say(
    'INFO',
    `${wrong.length > 0 ? 'not all' : 'all'} is back after ${seconds.toFixed(1)} s; takes the repository over with a ` +
      'first snapshot',
  );
  const taken = await takeOver(ports);
  if (!taken.ok) return taken;
  const first = await takeSnapshot(ports, taken.value);
  if (!first.ok) say('WARN', `restored, but the first snapshot failed: ${first.detail}`);
  return good({ snapshot: snapshot.value.name, reviews, months: months.length, seconds, recorded: recorded.ok, wrong });
};
