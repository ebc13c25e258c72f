// Takes snapshots of the reviews, deletes old ones, and proves by drills that they can be restored. settings.ts lists
// the variables; what is done on a person's word is asked for through call.ts.

import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Refused } from '../../../base/lib/environment.ts';
import { listenForMetrics } from '../../../base/lib/metrics.ts';
import { asUser } from '../../../base/lib/user.ts';
import { openDoor } from './door.ts';
import { drill } from './drill.ts';
import { elasticsearch } from './elasticsearch.ts';
import { Lane } from './lane.ts';
import { metricsText } from './metrics.ts';
import type { Ports } from './ports.ts';
import { readRepository } from './repository-file.ts';
import { restore } from './restore.ts';
import { takeSnapshot } from './run.ts';
import { alsoTo, sayTo } from './say.ts';
import { readSettings } from './settings.ts';
import { unseen } from './watched.ts';
import { keepDrilling, keepTaking } from './work.ts';

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
// What is going on in Elasticsearch goes on: the next process waits for it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const settings = readSettings(process.env);
const ports: Ports = {
  elasticsearch: elasticsearch(asUser(settings.elasticsearch)),
  repository: await readRepository(settings.repositoryFile, settings.namespace),
  settings,
  watched: unseen(),
  say,
  now: () => Date.now() / 1000,
  sleep: (seconds) => wait(seconds * 1000),
};
const [snapshots, restores] = [new Lane(), new Lane()];

await mkdir(settings.folder, { recursive: true });
await openDoor(settings.folder, {
  snapshot: (tell) => snapshots.run('a snapshot', () => takeSnapshot({ ...ports, say: alsoTo(say, tell) })),
  drill: (tell) => restores.run('a drill', () => drill({ ...ports, say: alsoTo(say, tell) })),
  restore: (tell, snapshot, force) =>
    restores.run('a restore', () =>
      snapshots.run('a restore', () => restore({ ...ports, say: alsoTo(say, tell) }, { snapshot, force })),
    ),
  status: () => ({ ...ports.watched, snapshotLane: snapshots.runs ?? 'idle', restoreLane: restores.runs ?? 'idle' }),
});
await listenForMetrics(settings.metricsPort, () => metricsText(ports.watched, settings));
await Promise.all([
  keepTaking(ports, snapshots, () => writeFile(settings.readyFile, '')),
  keepDrilling(ports, restores),
]);
