// A small client of the cluster: it searches, writes reviews of nobody, looks until they are found, and tells a
// Prometheus how long that took. settings.ts lists the variables.

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Refused } from '../../../base/lib/environment.ts';
import { listenForMetrics } from '../../../base/lib/metrics.ts';
import { asUser } from '../../../base/lib/user.ts';
import { elasticsearch } from './elasticsearch.ts';
import { metricsText } from './metrics.ts';
import { sayTo } from './say.ts';
import { readSettings } from './settings.ts';
import type { Time } from './tries.ts';
import { unseen } from './watched.ts';
import { keepSearching, keepWriting, type Ports } from './work.ts';

const say = sayTo(process.stdout);

/** Of what nobody has thought of, its name and where: its message may quote what was read or sent. */
const wordsOf = (error: unknown): string => {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.map((line) => line.trim())].join(' ');
};

const fail = (error: unknown): void => {
  say('WARN', `ends: ${wordsOf(error)}`);
  process.exit(1);
};
// What it leaves behind the next process deletes.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const { elasticsearch: server, metricsPort, ...settings } = readSettings(process.env);
const time: Time = { clock: () => performance.now() / 1000, sleep: (seconds) => wait(seconds * 1000) };
const watched = unseen(time.clock());
const ports: Ports = {
  elasticsearch: elasticsearch(asUser(server)),
  settings,
  time,
  now: () => new Date(),
  newId: () => `probe-${randomUUID()}`,
  watched,
  say,
};
await listenForMetrics(metricsPort, () => metricsText(watched));
await Promise.all([keepSearching(ports), keepWriting(ports)]);
