// Where the overlay takes snapshots: how old is the last good one, and has one been restored? By the metrics of the
// program that takes them, which knows what may be lost at most.

import { NotUnderstood } from '../shape.ts';
import { no, unless, type Verdict, yes } from './verdict.ts';

/** In the container `snapshots`: the address is the pod's own, and has no login. */
export const READ_METRICS = [
  'node',
  '--input-type=module',
  '-e',
  "const answer = await fetch('http://127.0.0.1:' + process.env.METRICS_PORT + '/metrics');" +
    'process.stdout.write(await answer.text());',
] as const;

const metric = (metrics: string, name: string): number => {
  const value = new RegExp(`^reviews_snapshots_${name} (\\S+)$`, 'm').exec(metrics)?.[1];
  if (value === undefined || !Number.isFinite(Number(value)))
    throw new NotUnderstood(`the program that takes snapshots tells no ${name}`);
  return Number(value);
};

const spell = (seconds: number): string =>
  seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;

export const SNAPSHOT = 'the last good snapshot is young enough';

/** `now` in seconds since 1970. It counts from the beginning of the snapshot: what came later is in none. */
export const snapshotVerdict = (metrics: string, now: number): Verdict => {
  const began = metric(metrics, 'last_good_timestamp_seconds');
  const objective = metric(metrics, 'objective_seconds');
  if (metric(metrics, 'ours') !== 1) return no(SNAPSHOT, 'another cluster writes into the repository');
  if (began === 0) return no(SNAPSHOT, 'there is none');
  const detail = `it began ${spell(now - began)} ago, of at most ${spell(objective)}`;
  return now - began <= objective ? yes(SNAPSHOT, detail) : no(SNAPSHOT, detail);
};

export const DRILL = 'a snapshot was restored lately, and was whole';

/** As long again as from one drill to the next: one may wait its turn. */
const PATIENCE = 2;

export const drillVerdict = (metrics: string, now: number): Verdict => {
  const [last, interval] = [metric(metrics, 'last_drill_timestamp_seconds'), metric(metrics, 'drill_interval_seconds')];
  if (last === 0) return no(DRILL, 'there was no drill yet');
  const against = [
    ...(metric(metrics, 'last_drill_good') === 1 ? [] : ['the last drill did not find what was recorded']),
    ...(now - last <= PATIENCE * interval ? [] : ['drills do not go on']),
  ];
  return unless(
    DRILL,
    against.length === 0 ? [] : [`${against.join(', ')} (${spell(now - last)} ago)`],
    `${spell(now - last)} ago`,
  );
};
