// A drill: the newest good snapshot is restored beside the live data, month by month, so that it needs the room of one
// month, and each month is held against the record in the snapshot. It fails where anything is not as recorded.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import type { Ports } from './ports.ts';
import { compare, type Month, type Months } from './record.ts';
import { clean, recordIn } from './recorded.ts';
import { look } from './repository.ts';
import { roomOn } from './room.ts';
import { BESIDE, monthsIn, newestGood, type Snapshot } from './snapshots.ts';
import type { Drilled } from './watched.ts';

/** In the record's index, so that it is known after a restart. */
const DRILL = 'drill';
/** A month may have grown while it was written to: what is read of it is what the snapshot has, to the byte. */
const SPARE = 1.1;

const drillOf = (words: string): Drilled | undefined => {
  try {
    const value: unknown = JSON.parse(words);
    if (typeof value !== 'object' || value === null) return undefined;
    const { at, good: isGood, seconds, snapshot, reviews, lastGood } = { ...emptyDrill, ...value };
    const numbers = [at, seconds, reviews, lastGood].every((one) => Number.isFinite(one));
    return numbers && typeof isGood === 'boolean' && typeof snapshot === 'string'
      ? { at, good: isGood, seconds, snapshot, reviews, lastGood }
      : undefined;
  } catch {
    return undefined;
  }
};

const emptyDrill: Drilled = { at: Number.NaN, good: false, seconds: 0, snapshot: '', reviews: 0, lastGood: 0 };

/** What the last drill came to, whoever ran it; "absent" where there was none. */
export const lastDrill = async ({ elasticsearch }: Ports, record: string): Promise<Answer<Drilled>> => {
  const words = await elasticsearch.words(record, DRILL);
  if (!words.ok) return words;
  const drilled = drillOf(words.value);
  return drilled === undefined ? bad('absent', 'what the last drill has left cannot be read') : good(drilled);
};

const hasRoom = async ({ elasticsearch }: Ports, month: string, bytes: number): Promise<Answer<undefined>> => {
  const disks = await elasticsearch.disks();
  if (!disks.ok) return disks;
  const watermark = await elasticsearch.watermark();
  if (!watermark.ok) return watermark;
  const room = roomOn(disks.value, watermark.value);
  if (bytes * SPARE <= room) return good(undefined);
  return bad(
    'refused',
    `no room for ${month}: it has ${Math.ceil(bytes / 1e6)} MB, and no disk has more than ` +
      `${Math.floor(room / 1e6)} MB below its low watermark`,
  );
};

const restoredMonth = async (ports: Ports, snapshot: string, month: string): Promise<Answer<Month>> => {
  const { elasticsearch, settings } = ports;
  const wish = { snapshot, indices: [month], beside: true, seconds: settings.restoreSeconds };
  const done = await elasticsearch.restore(wish);
  if (!done.ok) return done;
  const { failed, total } = done.value;
  if (failed > 0) return bad('refused', `${month} is damaged in snapshot ${snapshot}: ${failed} of ${total} shards`);
  return elasticsearch.month(`${BESIDE}${month}`);
};

const oneMonth = async (ports: Ports, snapshot: string, month: string, recorded: Months): Promise<Answer<Month>> => {
  const { elasticsearch, say } = ports;
  const restored = await restoredMonth(ports, snapshot, month);
  if (!restored.ok) return restored;
  const live = await elasticsearch.month(month);
  if (!live.ok && live.trouble !== 'absent') return live;
  const verdict = compare(recorded[month], restored.value, live.ok ? live.value : undefined);
  if (verdict.is === 'wrong') return bad('refused', `${month} in snapshot ${snapshot} ${verdict.why}`);
  const more = verdict.is === 'more' ? `, ${verdict.by} of them written while it began` : ', as recorded';
  say('INFO', `${month}: ${restored.value.reviews} reviews${more}`);
  return restored;
};

const eachMonth = async (ports: Ports, snapshot: Snapshot): Promise<Answer<number>> => {
  const sizes = await ports.elasticsearch.sizes(snapshot.name);
  if (!sizes.ok) return sizes;
  const recorded = await recordIn(ports, snapshot);
  if (!recorded.ok) return recorded;
  const months = monthsIn(snapshot);
  const missing = Object.keys(recorded.value).find((month) => !months.includes(month));
  if (missing !== undefined) return bad('refused', `${missing} is recorded, but not in snapshot ${snapshot.name}`);
  let reviews = 0;
  for (const month of months) {
    const bytes = sizes.value[month];
    if (bytes === undefined)
      return bad('not-understood', `snapshot ${snapshot.name} does not tell the size of ${month}`);
    const room = await hasRoom(ports, month, bytes);
    if (!room.ok) return room;
    const done = await oneMonth(ports, snapshot.name, month, recorded.value);
    if (!done.ok) return done;
    reviews += done.value.reviews;
    const gone = await clean(ports);
    if (!gone.ok) return gone;
  }
  return good(reviews);
};

/** What it came to is published in both cases, and what it has made is removed. */
export const drill = async (ports: Ports): Promise<Answer<Drilled>> => {
  const { elasticsearch, watched, say, now } = ports;
  const list = await look(ports);
  if (!list.ok) return list;
  const snapshot = newestGood(list.value.snapshots);
  if (snapshot === undefined) return bad('absent', 'there is no good snapshot to restore');
  const before = await clean(ports);
  if (!before.ok) return before;
  say('INFO', `drill: restores snapshot ${snapshot.name} beside the live data`);
  const begin = now();
  const done = await eachMonth(ports, snapshot);
  const seconds = now() - begin;
  const after = await clean(ports);
  if (!after.ok) say('WARN', `what the drill has made is not removed yet: ${after.detail}`);
  const drilled: Drilled = {
    at: now(),
    good: done.ok,
    seconds,
    snapshot: snapshot.name,
    reviews: done.ok ? done.value : 0,
    lastGood: done.ok ? now() : (watched.drilled?.lastGood ?? 0),
  };
  watched.drilled = drilled;
  if (!done.ok) say('WARN', `drill: FAILED after ${seconds.toFixed(1)} s: ${done.detail}`);
  if (watched.isOurs === true) {
    const kept = await elasticsearch.write(DRILL, JSON.stringify(drilled));
    if (!kept.ok) say('WARN', `what the drill came to is not kept: ${kept.detail}`);
  }
  if (!done.ok) return done;
  say('INFO', `drill: good, ${drilled.reviews} reviews of snapshot ${snapshot.name} in ${seconds.toFixed(1)} s`);
  return good(drilled);
};
