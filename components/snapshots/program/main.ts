// Takes snapshots of the reviews, deletes old ones, and proves by drills that they can be restored. settings.ts lists
// the variables; what is done on a person's word is asked for through call.ts.

import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { listenForMetrics } from '../../../base/lib/metrics.ts';
import { start } from '../../../base/lib/program.ts';
import { sayTo } from '../../../base/lib/say.ts';
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
import { alsoTo } from './say.ts';
import { readSettings } from './settings.ts';
import { unseen } from './watched.ts';
import { keepDrilling, keepTaking } from './work.ts';

const say = sayTo(process.stdout, 'snapshots');

// What is going on in Elasticsearch goes on: the next process waits for it.
start(say, 0, async () => {
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
  // Neither ends.
  return Promise.race([
    keepTaking(ports, snapshots, () => writeFile(settings.readyFile, '')),
    keepDrilling(ports, restores),
  ]);
});
