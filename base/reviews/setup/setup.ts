// Brings the cluster to what the index files say, once it answers, and again every hour.
//
//   ELASTICSEARCH_URL  https://elasticsearch:9200       FILES        the folder of the index files
//   CA_FILE            the authority to trust            CREDENTIALS  username and password of a user who may do this
//   READY_FILE         there while all is in place       ONCE=yes     applies once and ends: 0 when all is in place
//   METRICS_PORT       a Prometheus reads here what watched.ts knows (components/setup-metrics)

import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, bad } from '../../lib/answer.ts';
import { Refused } from '../../lib/environment.ts';
import { listenForMetrics } from '../../lib/metrics.ts';
import { start } from '../../lib/program.ts';
import { type Say, saying, sayTo } from '../../lib/say.ts';
import { asUser } from '../../lib/user.ts';
import { apply } from './apply.ts';
import { readDesign } from './design.ts';
import { type Elasticsearch, elasticsearch, type Time } from './elasticsearch.ts';
import { readSetUp, type SetUpSettings } from './settings.ts';
import { counted, setUpText, unseen, type Watched } from './watched.ts';

/** Between looks at a cluster that is not there yet. */
const LOOK_SECONDS = 2;
/** Between counts of what was written. */
const COUNT_SECONDS = 30;
/** Who applies once waits no longer than this for a cluster. */
const ONCE_SECONDS = 300;

const say = sayTo(process.stdout, 'setup');
const time: Time = { clock: () => performance.now() / 1000, sleep: (seconds) => wait(seconds * 1000) };

const untilAble = async ({ able }: Elasticsearch, longest: number): Promise<boolean> => {
  const last = time.clock() + longest;
  const sayNew: Say = saying(say);
  for (;;) {
    const answer = await able();
    if (answer.ok) return true;
    sayNew('INFO', `waiting for the cluster: ${answer.detail}`);
    if (time.clock() >= last) return false;
    await time.sleep(LOOK_SECONDS);
  }
};

const applied = async (to: Elasticsearch, folder: string): Promise<Answer<undefined>> => {
  try {
    return await apply(to, await readDesign(folder), say);
  } catch (error) {
    if (error instanceof Refused) return bad('refused', error.message);
    throw error;
  }
};

/** For as long as the program lives. What is not counted now is counted later. */
const keepCounting = async (to: Elasticsearch, watched: Watched): Promise<never> => {
  const sayNew = saying(say);
  for (;;) {
    const written = await to.written();
    if (written.ok) watched.arrivals = counted(watched.arrivals, written.value, time.clock());
    sayNew('INFO', written.ok ? 'reviews are counted' : `reviews could not be counted: ${written.detail}`);
    await time.sleep(COUNT_SECONDS);
  }
};

/** Whether all is in place, which the file says to the readiness probe. */
const report = async (to: Elasticsearch, { folder, readyFile }: SetUpSettings): Promise<boolean> => {
  const done = await applied(to, folder);
  if (done.ok) await writeFile(readyFile, '');
  else await rm(readyFile, { force: true });
  if (done.ok) say('INFO', 'reviews: all in place');
  else say('WARN', `reviews: not all in place, trying again: ${done.detail}`);
  return done.ok;
};

start(say, 0, async () => {
  const settings = readSetUp(process.env);
  const to = elasticsearch(asUser(settings.elasticsearch), time);
  // An earlier process of this pod may have left it: what it saw is not what is.
  await rm(settings.readyFile, { force: true });
  const watched = unseen(time.clock());
  if (settings.metricsPort !== undefined && !settings.once) {
    await listenForMetrics(settings.metricsPort, () => setUpText(watched, settings, time.clock()));
    // What it throws ends the program, as anything does that nobody has thought of.
    void keepCounting(to, watched);
  }
  if (!(await untilAble(to, settings.once ? ONCE_SECONDS : Infinity))) return 1;
  for (;;) {
    const done = await report(to, settings);
    watched.complete = done;
    if (settings.once) return done ? 0 : 1;
    await time.sleep(done ? settings.reapplySeconds : settings.retrySeconds);
  }
});
