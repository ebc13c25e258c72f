// Makes the credentials that are missing, each as one Secret, renews its own before their end or when asked to, and
// never changes what somebody else made. May be killed at any point and run twice at once.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiServerCalls } from '../../lib/api-server.ts';
import { Refused } from '../../lib/environment.ts';
import { exchange } from '../../lib/http.ts';
import { certutilIn } from './certutil.ts';
import { domainIn } from './due.ts';
import { lookAtAll } from './look.ts';
import type { AsElastic, Look, Memory } from './ports.ts';
import { createReporter, say } from './report.ts';
import { readCluster } from './secrets.ts';
import { servedIn } from './served-by.ts';
import { readSettings, type Settings } from './settings.ts';
import { storeSuperuser } from './superuser.ts';
import { ELASTIC, namesOfSecrets } from './users.ts';
import { parseUsers, type Table, type User } from './users-file.ts';

const CALL_SECONDS = 15;
const SOON_SECONDS = 2;
/** A Secret holds 1 MiB at most, which is a third more in base64; the rest is what the API server notes about it. */
const LARGEST_ANSWER = 2 * 1024 * 1024;
/** How much longer than its bound a look may take before the program is taken for stuck. */
const STUCK_SECONDS = 30;

const reporter = createReporter(say, Date.now);
const memory: Memory = { storeSoon: false, proven: '', served: new Map() };
const now = (): number => Math.floor(Date.now() / 1000);

const asElastic =
  ({ elasticsearch }: Settings, seconds: () => number): AsElastic =>
  (authority, password, method, path, body) => {
    const authorization = `Basic ${Buffer.from(`elastic:${password}`).toString('base64')}`;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    return exchange(
      { method, ...elasticsearch, path, headers, ...sent, authority, seconds: seconds() },
      LARGEST_ANSWER,
    );
  };

/** users.txt, and what components put beside it, as users-monitoring.txt. */
const userTables = (path: string): Table[] => {
  const folder = dirname(path);
  const beside = readdirSync(folder).filter((name) => /^users-.*\.txt$/.test(name));
  return [basename(path), ...beside.sort()].map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
};

type Work = (look: Look, left: () => number) => Promise<void>;

/** With these Secrets, and with one bound for all of it. */
const look = async (
  settings: Settings,
  users: readonly User[],
  names: readonly string[],
  work: Work,
): Promise<void> => {
  const { namespace, lookSeconds, files } = settings;
  const stuck = new Error(`a look did not end ${STUCK_SECONDS} s after its bound`);
  const watchdog = setTimeout(() => fail(stuck), (lookSeconds + STUCK_SECONDS) * 1000);
  const end = performance.now() + lookSeconds * 1000;
  const left = (): number => Math.max(0, end - performance.now()) / 1000;
  const seconds = (): number => Math.max(0.001, Math.min(CALL_SECONDS, left()));
  const domain = domainIn(readFileSync(files.resolvConf, 'utf8'), namespace);
  const account = { ...settings, folder: files.account, largestAnswer: LARGEST_ANSWER, seconds };
  const cluster = await readCluster(apiServerCalls(account), settings, names, reporter, now);
  const reach = {
    certutil: certutilIn(files.certutil, settings.certutilSeconds, left),
    asElastic: asElastic(settings, seconds),
    seeServed: servedIn(namespace, domain, settings.dnsServers),
  };
  await work({ settings, users, domain, report: reporter, ...cluster, ...reach, now, memory }, left);
  clearTimeout(watchdog);
};

/** Until the next look, which comes at once when the cluster has formed and stored the superuser's password. */
const rest = async (settings: Settings, seconds: number): Promise<void> => {
  const end = performance.now() + seconds * 1000;
  while (memory.storeSoon && performance.now() < end) {
    await sleep(SOON_SECONDS * 1000);
    await look(settings, [], [ELASTIC, 'elasticsearch-tls'], storeSuperuser);
    if (!memory.storeSoon) return;
  }
  await sleep(Math.max(0, end - performance.now()));
};

const fail = (error: unknown): void => {
  const text = error instanceof Refused ? error.message : error instanceof Error ? error.stack : undefined;
  say('WARN', text ?? String(error));
  process.exit(1);
};

const run = async (): Promise<void> => {
  const settings = readSettings(process.env);
  const { files, lookAgainSeconds } = settings;
  const users = parseUsers(userTables(files.users));
  // A file of an earlier run says nothing about this one.
  rmSync(files.complete, { force: true });
  for (;;) {
    reporter.begin();
    await look(settings, users, namesOfSecrets(users), lookAtAll);
    // Its age is what the readiness probe looks at.
    if (reporter.isWhole()) writeFileSync(files.complete, '');
    if (lookAgainSeconds === undefined) break;
    await rest(settings, lookAgainSeconds);
  }
  process.exitCode = reporter.isWhole() ? 0 : 1;
};

process.umask(0o077);
// Whoever reads the log may be gone; that is no reason to end.
process.stdout.on('error', () => undefined);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// As process 1 it would not end by itself.
process.on('SIGTERM', () => process.exit(0));
run().catch(fail);
