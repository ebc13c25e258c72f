// What can be watched, as Prometheus reads it, and the port on which it does. No label names an index, a snapshot or a
// pod. Form: https://prometheus.io/docs/instrumenting/exposition_formats/

import { createServer, type Server } from 'node:http';
import type { Settings } from './settings.ts';
import { OUTCOMES, type Watched } from './watched.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** A question is one line and a few headers; who is slower than this asks for nothing good. */
const SECONDS = 5;
const CONNECTIONS = 8;

interface Sample {
  readonly labels?: string;
  readonly value: number;
}

const family = (type: 'gauge' | 'counter', name: string, help: string, samples: readonly Sample[]): string =>
  [
    `# HELP reviews_snapshots_${name} ${help}`,
    `# TYPE reviews_snapshots_${name} ${type}`,
    ...samples.map(({ labels = '', value }) => `reviews_snapshots_${name}${labels} ${value}`),
    '',
  ].join('\n');

/** Nothing, where nobody knows. */
const known = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [{ value }]);

export const metricsText = (watched: Watched, { times, drillIntervalSeconds }: Settings): string => {
  const { lastGood, held, oldest, verified, runs, drilled, isOurs } = watched;
  const gauge = (name: string, help: string, value: number | undefined): string =>
    family('gauge', name, help, known(value));
  return [
    gauge('last_good_timestamp_seconds', 'When the last good snapshot began, since 1970; 0: none.', lastGood?.start),
    gauge('last_good_seconds', 'How long the last good snapshot took.', lastGood?.seconds),
    family(
      'gauge',
      'held',
      'Snapshots in the repository.',
      held === undefined
        ? []
        : [
            { labels: '{is="good"}', value: held.good },
            { labels: '{is="not-good"}', value: held.others },
            { labels: '{is="unreadable"}', value: held.unreadable },
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
      'runs_total',
      'Snapshots that were taken, by what they came to.',
      OUTCOMES.map((outcome) => ({ labels: `{outcome="${outcome}"}`, value: runs[outcome] })),
    ),
    gauge('last_drill_timestamp_seconds', 'When the last drill ended, since 1970; 0: none.', drilled?.at ?? 0),
    gauge('last_drill_good', '1 when the last drill found everything as recorded.', drilled && Number(drilled.good)),
    gauge('last_drill_seconds', 'How long the last drill took.', drilled?.seconds),
    gauge('last_good_drill_timestamp_seconds', 'When the last good drill ended; 0: none.', drilled?.lastGood ?? 0),
    gauge('objective_seconds', 'The most that may be lost.', times.objectiveSeconds),
    gauge('drill_interval_seconds', 'From one drill to the next.', drillIntervalSeconds),
  ].join('');
};

/** On all addresses of the pod; rejects where the port cannot be had. */
export const listenForMetrics = async (port: number, metrics: () => string): Promise<Server> => {
  const server = createServer(
    { requestTimeout: SECONDS * 1000, headersTimeout: SECONDS * 1000, maxHeaderSize: 8192 },
    ({ method, url }, response) => {
      const isKnown = method === 'GET' && url?.split('?', 1)[0] === '/metrics';
      const text = isKnown ? metrics() : 'there is GET /metrics\n';
      response.writeHead(isKnown ? 200 : 404, {
        'content-type': isKnown ? TYPE : 'text/plain; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        connection: 'close',
      });
      response.end(text);
    },
  );
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  // A connection that could not be taken is no reason to end.
  server.on('error', () => undefined);
  return server;
};
