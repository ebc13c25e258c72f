// The record that a snapshot has of itself, read from the snapshot and held against the note by which it is known.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import type { Ports } from './ports.ts';
import { digestOf, type Months, parseWritten } from './record.ts';
import { CURRENT } from './run.ts';
import { BESIDE, RECORD, type Snapshot } from './snapshots.ts';

const PLACE = `${BESIDE}${RECORD}`;

/** The record's index is left beside the live ones: whoever restores removes what is beside. */
export const recordIn = async (ports: Ports, { name, note }: Snapshot): Promise<Answer<Months>> => {
  const { elasticsearch, settings } = ports;
  const seconds = settings.restoreSeconds;
  const restored = await elasticsearch.restore({ snapshot: name, indices: [RECORD], beside: true, seconds });
  if (!restored.ok) return restored;
  if (restored.value.failed > 0) return bad('refused', `the record in snapshot ${name} is damaged: it is not restored`);
  const words = await elasticsearch.words(PLACE, CURRENT);
  if (!words.ok) return words;
  if (digestOf(words.value) !== note.record)
    return bad('refused', `the record in snapshot ${name} is not the one that it was taken with`);
  try {
    return good(parseWritten(words.value));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'of a form that is not known here';
    return bad('not-understood', `the record in snapshot ${name}: ${why}`);
  }
};

/** Whatever a drill, a restore or a process before this one has left. */
export const clean = async ({ elasticsearch }: Ports): Promise<Answer<undefined>> => {
  const found = await elasticsearch.health(`${BESIDE}*`);
  if (!found.ok) return found;
  for (const name of Object.keys(found.value.indices)) {
    const done = await elasticsearch.removeBeside(name);
    if (!done.ok && done.trouble !== 'absent') return done;
  }
  return good(undefined);
};
