// The environment, typed. A value that is not what it must be is refused with its name, before anything is asked.

import { address, type Environment, port, Refused, required, wholeNumber } from '../../../base/lib/environment.ts';
import type { Server } from '../../../base/lib/user.ts';

/** An answer is a count: what is larger is none. */
const LARGEST_ANSWER = 1024 * 1024;

interface Pace {
  /** From the begin of one to the begin of the next. */
  readonly everySeconds: number;
  /** Tries included. What takes longer is bad. */
  readonly withinSeconds: number;
}

export interface Settings {
  readonly elasticsearch: Server;
  readonly search: Pace;
  readonly write: Pace;
  /** What was acknowledged and is not found for so long is not looked for any longer. */
  readonly foundWithinSeconds: number;
  /** Of one try; whoever waits longer for a node that is lost has no time left to ask another one. */
  readonly trySeconds: number;
  /** How long a cluster that has not answered yet may be one that starts for the first time. */
  readonly startSeconds: number;
  readonly metricsPort: number;
}

const seconds = (environment: Environment, name: string): number => {
  const value = wholeNumber(environment, name);
  if (value === 0) throw new Refused(`${name} must be at least 1`);
  return value;
};

/** One must be over before the next is due: otherwise a failure that lasts is counted less often than what is well. */
const pace = (environment: Environment, of: 'SEARCH' | 'WRITE'): Pace => {
  const [every, within] = [`${of}_EVERY_SECONDS`, `${of}_WITHIN_SECONDS`];
  const read = { everySeconds: seconds(environment, every), withinSeconds: seconds(environment, within) };
  if (read.withinSeconds > read.everySeconds) throw new Refused(`${within} must not be more than ${every}`);
  return read;
};

export const readSettings = (environment: Environment): Settings => {
  return {
    elasticsearch: {
      ...address(environment, 'ELASTICSEARCH_URL'),
      authority: required(environment, 'AUTHORITY'),
      login: required(environment, 'LOGIN'),
      largestAnswer: LARGEST_ANSWER,
    },
    search: pace(environment, 'SEARCH'),
    write: pace(environment, 'WRITE'),
    foundWithinSeconds: seconds(environment, 'FOUND_WITHIN_SECONDS'),
    trySeconds: seconds(environment, 'TRY_SECONDS'),
    startSeconds: wholeNumber(environment, 'START_SECONDS'),
    metricsPort: port(environment, 'METRICS_PORT', ''),
  };
};
