// Imports the data view, the search and the dashboard into Kibana as soon as it answers, once for each start of this
// container. Somebody who wants another dashboard saves a copy.
//
//   KIBANA_URL, CA_FILE  https://kibana:5601 and the authority to trust
//   SAVED_OBJECTS        the file that Kibana imports
//   CREDENTIALS          username and password of a user with the role reviews-dashboard
//   ONCE=yes             tries once and ends: 0 when it is imported
//   METRICS_PORT         a Prometheus reads here whether Kibana can work (components/setup-metrics)

import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Refused } from '../../lib/environment.ts';
import { listenForMetrics } from '../../lib/metrics.ts';
import { start, stay } from '../../lib/program.ts';
import { saying, sayTo } from '../../lib/say.ts';
import { asUser } from '../../lib/user.ts';
import { type Kibana, kibana } from './kibana.ts';
import { readDashboard } from './settings.ts';
import { kibanaText } from './watched.ts';

const say = sayTo(process.stdout, 'dashboard');

/** Asks on, and notes what was answered. */
const noting = (to: Kibana, watched: { available: boolean }): Kibana => ({
  ...to,
  available: async () => {
    const there = await to.available();
    watched.available = there.ok;
    return there;
  },
});

const readObjects = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Refused(`SAVED_OBJECTS: ${file} cannot be read`);
  }
};

/** Nothing when it is imported; otherwise why not. */
const imported = async ({ available, importObjects }: Kibana, file: string): Promise<string | undefined> => {
  const there = await available();
  if (!there.ok) return `waiting for Kibana (an environment without it stays here): ${there.detail}`;
  const done = await importObjects(file, await readObjects(file));
  return done.ok ? undefined : `the dashboard was not imported: ${done.detail}`;
};

start(say, 0, async () => {
  const { kibana: server, savedObjects, lookSeconds, once, metricsPort } = readDashboard(process.env);
  const watched = { available: false };
  const to = noting(kibana(asUser(server)), watched);
  if (metricsPort !== undefined && !once) await listenForMetrics(metricsPort, () => kibanaText(watched.available));
  const sayNew = saying(say);
  for (;;) {
    const why = await imported(to, savedObjects);
    if (why === undefined) break;
    sayNew('INFO', why);
    if (once) return 1;
    await wait(lookSeconds * 1000);
  }
  say('INFO', 'dashboard imported');
  if (once) return 0;
  if (metricsPort === undefined) return stay();
  for (;;) {
    await wait(lookSeconds * 1000);
    const there = await to.available();
    sayNew(there.ok ? 'INFO' : 'WARN', there.ok ? 'Kibana can work' : there.detail);
  }
});
