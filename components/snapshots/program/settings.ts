// The environment, typed. A value that is not what it must be, or that breaks what the project promises, is refused
// with its name, before anything is done with it.

import { address, type Environment, port, Refused, required, wholeNumber } from '../../../base/lib/environment.ts';
import type { Server } from '../../../base/lib/user.ts';
import type { Keep } from './retention.ts';
import { type Times, worstLossSeconds } from './schedule.ts';

/** The answer about all months' days is the largest. */
const LARGEST_ANSWER = 16 * 1024 * 1024;
const DAY = 86_400;

export interface Settings {
  readonly namespace: string;
  readonly elasticsearch: Server;
  /** The file that says what kind of repository it is, and where. */
  readonly repositoryFile: string;
  readonly times: Times;
  readonly keep: Keep;
  readonly drillIntervalSeconds: number;
  /** For the restore of one month by a drill, and for all of `make restore`. */
  readonly restoreSeconds: number;
  /** Of the Unix socket. */
  readonly folder: string;
  readonly readyFile: string;
  readonly metricsPort: number;
}

export const readSettings = (environment: Environment): Settings => {
  const seconds = (name: string): number => wholeNumber(environment, name);
  const days = (name: string): number => wholeNumber(environment, name, 'days');
  const server = address(environment, 'ELASTICSEARCH_URL');
  const times: Times = {
    intervalSeconds: seconds('INTERVAL_SECONDS'),
    snapshotSeconds: seconds('SNAPSHOT_SECONDS'),
    objectiveSeconds: seconds('OBJECTIVE_SECONDS'),
    retrySeconds: seconds('RETRY_SECONDS'),
  };
  const keep: Keep = {
    allSeconds: seconds('KEEP_ALL_SECONDS'),
    hourlySeconds: seconds('KEEP_HOURLY_SECONDS'),
    days: days('KEEP_DAYS'),
  };
  const eraseWithin = days('ERASE_WITHIN_DAYS');
  const drillDays = days('DRILL_DAYS');
  if (worstLossSeconds(times) > times.objectiveSeconds)
    throw new Refused(
      'INTERVAL_SECONDS, RETRY_SECONDS and SNAPSHOT_SECONDS together must not be more than OBJECTIVE_SECONDS: what ' +
        'is indexed after the begin of a snapshot is safe only when the next one has ended, which may be a second try',
    );
  if (keep.allSeconds < times.intervalSeconds || keep.hourlySeconds < keep.allSeconds)
    throw new Refused(
      'KEEP_ALL_SECONDS must be at least INTERVAL_SECONDS, and KEEP_HOURLY_SECONDS at least KEEP_ALL_SECONDS',
    );
  // A day for the deletion itself, and for what is not reached at once.
  if (keep.days + 1 > eraseWithin)
    throw new Refused(
      'KEEP_DAYS must be less than ERASE_WITHIN_DAYS: a customer who was erased is in snapshots until they are deleted',
    );
  if (keep.days < 1 || keep.days * DAY < keep.hourlySeconds)
    throw new Refused('KEEP_DAYS must be at least 1, and not shorter than KEEP_HOURLY_SECONDS');
  // One may wait its turn for as long again.
  if (drillDays < 1 || 2 * drillDays > keep.days)
    throw new Refused(
      'DRILL_DAYS must be at least 1, and at most half of KEEP_DAYS: when a drill finds damage, snapshots of the ' +
        'days of the last good drill must still be there',
    );
  return {
    namespace: required(environment, 'POD_NAMESPACE'),
    elasticsearch: {
      ...server,
      authority: required(environment, 'AUTHORITY'),
      login: required(environment, 'LOGIN'),
      largestAnswer: LARGEST_ANSWER,
    },
    repositoryFile: required(environment, 'REPOSITORY'),
    times,
    keep,
    drillIntervalSeconds: drillDays * DAY,
    restoreSeconds: seconds('RESTORE_SECONDS'),
    folder: required(environment, 'FOLDER'),
    readyFile: required(environment, 'READY_FILE'),
    metricsPort: port(environment, 'METRICS_PORT', ''),
  };
};
