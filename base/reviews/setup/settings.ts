// The environment of the three programs, typed. A value that is not what it must be is refused with its name, before
// anything is asked.

import { basename, dirname } from 'node:path';
import { address, type Environment, port, Refused, required, wholeNumber } from '../../lib/environment.ts';
import type { Server } from '../../lib/user.ts';

/** A page of 1,000 reviews is below 1 MiB, and so are 3,000 months; with twice this the memory was too small. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

const AUTHORITY = 'ca.crt';

/** Who is asked, whom to trust, and the folder of the login. */
const server = (environment: Environment, at: string, login: string): Server => {
  const place = address(environment, at);
  const authority = required(environment, 'CA_FILE');
  if (basename(authority) !== AUTHORITY)
    throw new Refused(`CA_FILE must be a file ${AUTHORITY}, but is '${authority}'`);
  return {
    ...place,
    authority: dirname(authority),
    login: required(environment, login),
    largestAnswer: LARGEST_ANSWER,
  };
};

const seconds = (environment: Environment, name: string, otherwise: number): number =>
  wholeNumber({ [name]: environment[name] ?? String(otherwise) }, name);

const once = (environment: Environment): boolean => {
  const value = environment['ONCE'] ?? '';
  if (value !== '' && value !== 'yes') throw new Refused(`ONCE must be yes or nothing, but is '${value}'`);
  return value === 'yes';
};

/** Undefined where no port is to be opened. */
const metricsPort = (environment: Environment): number | undefined =>
  environment['METRICS_PORT'] === undefined ? undefined : port(environment, 'METRICS_PORT', '');

export interface SetUpSettings {
  readonly elasticsearch: Server;
  /** Of the index files. */
  readonly folder: string;
  /** There while everything is in place. */
  readonly readyFile: string;
  /** From one good look to the next. */
  readonly reapplySeconds: number;
  /** After a look at which not all was in place. */
  readonly retrySeconds: number;
  /** Applies once and ends: 0 when everything is in place. */
  readonly once: boolean;
  readonly metricsPort: number | undefined;
  /** Within which a review is expected; 0 where none is. */
  readonly expectedWithinSeconds: number;
}

export const readSetUp = (environment: Environment): SetUpSettings => ({
  elasticsearch: server(environment, 'ELASTICSEARCH_URL', 'CREDENTIALS'),
  folder: required(environment, 'FILES'),
  readyFile: required(environment, 'READY_FILE'),
  reapplySeconds: seconds(environment, 'REAPPLY_SECONDS', 3600),
  retrySeconds: seconds(environment, 'RETRY_SECONDS', 30),
  once: once(environment),
  metricsPort: metricsPort(environment),
  expectedWithinSeconds: seconds(environment, 'REVIEWS_EXPECTED_WITHIN_SECONDS', 0),
});

export interface DashboardSettings {
  readonly kibana: Server;
  /** The file that Kibana imports. */
  readonly savedObjects: string;
  readonly lookSeconds: number;
  /** Tries once and ends: 0 when it is imported. */
  readonly once: boolean;
  readonly metricsPort: number | undefined;
}

export const readDashboard = (environment: Environment): DashboardSettings => ({
  kibana: server(environment, 'KIBANA_URL', 'CREDENTIALS'),
  savedObjects: required(environment, 'SAVED_OBJECTS'),
  lookSeconds: seconds(environment, 'LOOK_SECONDS', 10),
  once: once(environment),
  metricsPort: metricsPort(environment),
});

export interface EraseSettings {
  readonly elasticsearch: Server;
  /** How long somebody may take to hand over the customer's id. */
  readonly inputSeconds: number;
}

export const readErase = (environment: Environment): EraseSettings => ({
  elasticsearch: server(environment, 'ELASTICSEARCH_URL', 'ERASER'),
  inputSeconds: seconds(environment, 'INPUT_SECONDS', 300),
});
