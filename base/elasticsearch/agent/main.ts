// The node's agent: reads what it is told, opens its door, and looks after the node until it is ended.

import { type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createAgent } from './agent.ts';
import { elasticsearchClient } from './elasticsearch.ts';
import { hookDoor } from './hook.ts';
import { kubernetesClient } from './kubernetes.ts';
import { say } from './log.ts';
import { ownFiles } from './own-files.ts';
import type { World } from './ports.ts';
import { type Preparing, prepare } from './prepare.ts';
import { Refused, readSettings } from './settings.ts';
import { type Doors, listen, socketPath } from './socket.ts';
import { createStop } from './stop.ts';

const sleep = (seconds: number): Promise<void> => wait(seconds * 1000);
/** Monotonic. */
const clock = (): number => performance.now() / 1000;

/** What people read in the pod's status when it fails: without the form of a log. */
const prepareDoor = (preparing: Preparing): Doors['prepare'] => {
  type Outcome = Awaited<ReturnType<Doors['prepare']>>;
  const run = async (diskIsEmpty: boolean): Promise<Outcome> => {
    const lines: string[] = [];
    const both = (level: 'INFO' | 'WARN', message: string): void => {
      say(level, message);
      lines.push(`prepare: ${level === 'WARN' ? 'WARNING: ' : ''}${message}`);
    };
    try {
      await prepare(preparing, diskIsEmpty, both);
      return { ok: true, lines };
    } catch (error) {
      both('WARN', error instanceof Refused ? error.message : `the configuration could not be made: ${String(error)}`);
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

const serve = async (signal: AbortSignal): Promise<Server> => {
  const settings = readSettings(process.env);
  const { podName, waits, folders } = settings;
  const files = ownFiles(folders.agent, folders.formed);
  const kubernetes = kubernetesClient(settings);
  const elasticsearch = elasticsearchClient(settings, files);
  const world: World = { podName, elasticsearch, kubernetes, files, clock, say, sleep, waits };
  const stop = createStop(world);
  const agent = createAgent(world, stop);
  const server = await listen(socketPath(folders.agent), {
    prepare: prepareDoor({ settings, environment: process.env, kubernetes, files, clock, sleep }),
    stop: hookDoor(stop, waits),
    letGo: () => {
      const isStopping = stop.letGo();
      if (isStopping) say('WARN', 'a person lets this node go, whatever it waits for');
      return isStopping;
    },
    health: () => elasticsearch.healthText(),
    status: () => agent.status(),
  });
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
  say(
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
