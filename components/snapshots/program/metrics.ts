// What can be watched, as Prometheus reads it. No label names an index, a snapshot or a pod.

import { family, known } from '../../../base/lib/families.ts';
import type { Settings } from './settings.ts';
import { OUTCOMES, type Watched } from './watched.ts';

export const metricsText = (watched: Watched, { times, drillIntervalSeconds }: Settings): string => {
  const { lastGood, held, oldest, verified, runs, drilled, isOurs } = watched;
  const gauge = (name: string, help: string, value: number | undefined): string =>
    family('gauge', `reviews_snapshots_${name}`, help, known(value));
  return [
    gauge('last_good_timestamp_seconds', 'When the last good snapshot began, since 1970; 0: none.', lastGood?.start),
    gauge('last_good_seconds', 'How long the last good snapshot took.', lastGood?.seconds),
    family(
      'gauge',
      'reviews_snapshots_held',
      'Snapshots in the repository.',
      held === undefined
        ? []
        : [
            { labels: { is: 'good' }, value: held.good },
            { labels: { is: 'not-good' }, value: held.others },
            { labels: { is: 'unreadable' }, value: held.unreadable },
          ],
    ),
    gauge('oldest_timestamp_seconds', 'When the oldest snapshot began, since 1970; 0: none.', oldest),
    gauge('last_verified_timestamp_seconds', 'When all nodes could last use the repository; 0: not yet.', verified),
    gauge(
      'ours',
      '1 when this cluster wrote into the repository last, or nobody has.',
      isOurs === undefined ? undefined : Number(isOurs),
    ),
    family(
      'counter',
      'reviews_snapshots_runs_total',
      'Snapshots that were taken, by what they came to.',
      OUTCOMES.map((outcome) => ({ labels: { outcome }, value: runs[outcome] })),
    ),
    gauge('last_drill_timestamp_seconds', 'When the last drill ended, since 1970; 0: none.', drilled?.at ?? 0),
    gauge('last_drill_good', '1 when the last drill found everything as recorded.', drilled && Number(drilled.good)),
    gauge('last_drill_seconds', 'How long the last drill took.', drilled?.seconds),
    gauge('last_good_drill_timestamp_seconds', 'When the last good drill ended; 0: none.', drilled?.lastGood ?? 0),
    gauge('objective_seconds', 'The most that may be lost.', times.objectiveSeconds),
    gauge('drill_interval_seconds', 'From one drill to the next.', drillIntervalSeconds),
  ].join('');
};
