// A small client of the cluster: it searches, writes reviews of nobody, looks until they are found, and tells a
// Prometheus how long that took. settings.ts lists the variables.

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { listenForMetrics } from '../../../base/lib/metrics.ts';
import { start } from '../../../base/lib/program.ts';
import { sayTo } from '../../../base/lib/say.ts';
import { asUser } from '../../../base/lib/user.ts';
import { elasticsearch } from './elasticsearch.ts';
import { metricsText } from './metrics.ts';
import { readSettings } from './settings.ts';
import type { Time } from './tries.ts';
import { unseen } from './watched.ts';
import { keepSearching, keepWriting, type Ports } from './work.ts';

const say = sayTo(process.stdout, 'probe');

// What it leaves behind the next process deletes.
start(say, 0, async () => {
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
  // Neither ends.
  return Promise.race([keepSearching(ports), keepWriting(ports)]);
});
