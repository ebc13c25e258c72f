// The node's agent: reads what it is told, opens its door, and looks after the node until it is ended.

import { type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Refused } from '../../lib/environment.ts';
import { listenForMetrics } from '../../lib/metrics.ts';
import { createAgent } from './agent.ts';
import { elasticsearchClient } from './elasticsearch.ts';
import { hookDoor } from './hook.ts';
import { kubernetesClient } from './kubernetes.ts';
import { say as write } from './log.ts';
import { metricsText } from './metrics.ts';
import { notedElasticsearch, notedKubernetes } from './noted.ts';
import { ownFiles } from './own-files.ts';
import type { Say, Waits, World } from './ports.ts';
import { type Preparing, prepare } from './prepare.ts';
import { counting, createRecord } from './record.ts';
import { readSettings } from './settings.ts';
import { type Doors, listen, socketPath } from './socket.ts';
import { createStop } from './stop.ts';
import type { Decided, Recorder } from './watched.ts';

const sleep = (seconds: number): Promise<void> => wait(seconds * 1000);
/** Monotonic. */
const clock = (): number => performance.now() / 1000;

/** What people read in the pod's status when it fails: without the form of a log. */
const prepareDoor = (preparing: Preparing, record: Recorder, say: Say): Doors['prepare'] => {
  type Outcome = Awaited<ReturnType<Doors['prepare']>>;
  const run = async (diskIsEmpty: boolean): Promise<Outcome> => {
    const lines: string[] = [];
    const both = (level: 'INFO' | 'WARN', message: string, decided?: Decided): void => {
      say(level, message, decided);
      lines.push(`prepare: ${level === 'WARN' ? 'WARNING: ' : ''}${message}`);
    };
    try {
      // Elasticsearch does not run now: what an earlier start of it asked for is over.
      await preparing.files.forgetStart();
      record.enter('preparing');
      await prepare(preparing, diskIsEmpty, both);
      record.enter('starting');
      return { ok: true, lines };
    } catch (error) {
      const why = error instanceof Refused ? error.message : `the configuration could not be made: ${String(error)}`;
      record.waits('configuration', why);
      both('WARN', why, { decision: 'refuse' });
      return { ok: false, lines };
    }
  };
  // Two at once would write into one folder: one asks again because its first call was cut, and joins that.
  let running: Promise<Outcome> | undefined;
  return (diskIsEmpty) => {
    running ??= run(diskIsEmpty).finally(() => {
      running = undefined;
    });
    return running;
  };
};

const metrics = (record: Recorder, waits: Waits): string => {
  const { user, system } = process.cpuUsage();
  return metricsText(record.look(), waits, {
    startedAtSeconds: Math.round(performance.timeOrigin) / 1000,
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
  });
};

/** A port that cannot be had keeps no node from starting, or from stopping in order. */
const openMetrics = async (port: number, metricsNow: () => string, say: Say): Promise<void> => {
  try {
    await listenForMetrics(port, metricsNow);
  } catch (error) {
    say('WARN', `no metrics on port ${port}, which cannot be listened on: ${String(error)}`);
  }
};

const serve = async (signal: AbortSignal): Promise<Server> => {
  const settings = readSettings(process.env);
  const { podName, waits, folders } = settings;
  const files = ownFiles(folders.agent, folders.formed);
  const record = createRecord(clock);
  const say = counting(record, write);
  const kubernetes = notedKubernetes(kubernetesClient(settings), record);
  const sawCertificate = (ends: number): void => record.sawCertificate(ends);
  const elasticsearch = notedElasticsearch(elasticsearchClient(settings, files, sawCertificate), record);
  const world: World = { podName, elasticsearch, kubernetes, files, clock, say, record, sleep, waits };
  const stop = createStop(world);
  const agent = createAgent(world, stop);
  const server = await listen(socketPath(folders.agent), {
    prepare: prepareDoor({ settings, environment: process.env, kubernetes, files, clock, sleep }, record, say),
    stop: hookDoor(stop, waits, say),
    letGo: () => {
      const isStopping = stop.letGo();
      if (isStopping) say('WARN', 'a person lets this node go, whatever it waits for', { decision: 'let-go' });
      return isStopping;
    },
    health: () => elasticsearch.healthText(),
    status: () => agent.status(),
    metrics: () => metrics(record, waits),
  });
  if (settings.metricsPort !== undefined) await openMetrics(settings.metricsPort, () => metrics(record, waits), say);
  if (settings.apiServer === undefined)
    say(
      'WARN',
      'no API server: KUBERNETES_SERVICE_HOST is not set. The node starts, but a cluster that is not known yet ' +
        'cannot be made known, so it does not turn ready; and stopping it counts as a restart',
    );
  say('INFO', `the agent of ${podName} serves, on Node.js ${process.version}`);
  void agent.run(signal);
  return server;
};

const ending = new AbortController();

/** Ends, and says why: run.sh starts it anew. */
const fail = (error: unknown): void => {
  const known = error instanceof Refused;
  write(
    'WARN',
    `the agent ends: ${known ? error.message : error instanceof Error ? (error.stack ?? '') : String(error)}`,
  );
  process.exit(1);
};

// Whoever reads the log may be gone; that is no reason to end.
process.stdout.on('error', () => undefined);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('SIGTERM', () => {
  ending.abort();
  process.exit(0);
});

serve(ending.signal).catch(fail);
