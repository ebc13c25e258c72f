// The load driver: node load.cjs run | reviews | verify '{"load-0": 1234, …}'. It runs in a pod, and reaches
// Elasticsearch as every client does.
// `run` creates indices of its own, writes and searches until SIGUSR2, then verifies, prints its report, and waits to
// be deleted; `reviews` does the same with the reviews, by the users that programs have.
import { Connection, pause, type Target, target } from './connection.ts';
import type { Line, Report } from './protocol.ts';
import { requestsAConnection, reviewsIndex, reviewWrite, wrongReviews } from './reviews.ts';
import { Searcher } from './searcher.ts';
import { lostIds } from './verify.ts';
import { type Status, Watcher } from './watcher.ts';
import { Writer } from './writer.ts';

/** So many that each node holds some of the primaries. */
const indices = Array.from({ length: 6 }, (_, i) => `load-${i}`);
const searcherCount = 2;
const progressMs = 500;
const setUpMs = 180_000;

const print = (line: Line): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the variable ${name} must be set`);
  return value;
};

const untilDone = async (what: string, attempt: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + setUpMs;
  while (!(await attempt().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not succeed in ${setUpMs / 1000} s`);
    await pause(500);
  }
};

const makeIndices = async (to: Target): Promise<void> => {
  const connection = new Connection(to, { timeoutMs: 20_000 });
  const settings = JSON.stringify({
    settings: { number_of_shards: 1, number_of_replicas: Number(process.env['REPLICAS'] ?? 1) },
  });
  for (const index of indices) {
    await untilDone(
      `deleting ${index}`,
      async () => (await connection.send('DELETE', `/${index}?ignore_unavailable=true`)).status === 200,
    );
    await untilDone(`creating ${index}`, async () =>
      [200, 400].includes((await connection.send('PUT', `/${index}`, settings)).status),
    );
  }
  await untilDone('recovering the new indices', async () => {
    const path = `/_cluster/health/${indices.join(',')}?wait_for_status=green&timeout=15s`;
    return (await connection.send('GET', path)).status === 200;
  });
  connection.close();
};

const signal = (name: 'SIGUSR2' | 'SIGTERM'): Promise<void> =>
  new Promise((resolve) => process.once(name, () => resolve()));

/** What a load is made of. */
interface Cast {
  readonly writers: readonly Writer[];
  readonly searchers: readonly Searcher[];
  readonly watcher: Watcher;
  readonly connections: readonly Connection[];
  readonly lost: () => Promise<string[]>;
}

const acknowledgedBy = (writers: readonly Writer[]): Record<string, number> =>
  Object.fromEntries(writers.map((writer) => [writer.index, writer.acknowledged]));
const changed = (status: Status): void => print({ kind: 'status', at: Date.now(), status });

/** Single-shard indices, so that every gap is seen; as the superuser, who alone may make indices as he likes. */
const plainLoad = async (to: Target): Promise<Cast> => {
  await makeIndices(to);
  const connections: Connection[] = [];
  const connection = (): Connection => {
    const made = new Connection(to);
    connections.push(made);
    return made;
  };
  const writers = indices.map((index) => new Writer(index, connection()));
  const searchers = Array.from({ length: searcherCount }, () => new Searcher(indices, connection()));
  const watcher = new Watcher(connection(), changed);
  return {
    writers,
    searchers,
    watcher,
    connections,
    lost: () => lostIds(new Connection(to, { timeoutMs: 20_000 }), acknowledgedBy(writers)),
  };
};

/** The reviews themselves, by the users that programs have. */
const reviewsLoad = async (to: Target): Promise<Cast> => {
  const as = (user: string): Connection =>
    new Connection({ ...to, userFolder: `${variable('USERS')}/${user}` }, { requests: requestsAConnection });
  const [ingest, search, operations] = [as('ingest'), as('search'), as('operations')];
  const run = Date.now().toString(36);
  const writer = new Writer(reviewsIndex, ingest, reviewWrite(run));
  await untilDone('the first review', async () => {
    const { method, path, body, isDone } = reviewWrite(run)(0);
    return isDone(await ingest.send(method, path, body));
  });
  ingest.refused = 0;
  return {
    writers: [writer],
    searchers: [new Searcher([reviewsIndex], search)],
    watcher: new Watcher(operations, changed),
    connections: [ingest, search, operations],
    lost: () => wrongReviews(search, run, writer.acknowledged),
  };
};

const run = async ({ writers, searchers, watcher, connections, lost }: Cast): Promise<void> => {
  const stop = signal('SIGUSR2');
  const sum = (of: (searcher: Searcher) => number): number =>
    searchers.reduce((total, searcher) => total + of(searcher), 0);
  const retries = (): number => writers.reduce((total, writer) => total + writer.retries, 0);
  const refused = (): number => connections.reduce((total, connection) => total + connection.refused, 0);
  const clients = [...writers, ...searchers, watcher].map((client) => client.run());
  const ticker = setInterval(() => {
    const openGapMs = Math.max(...writers.map(({ gaps }) => gaps.open(Date.now())));
    print({
      kind: 'progress',
      at: Date.now(),
      acknowledged: acknowledgedBy(writers),
      searches: sum((s) => s.answered),
      searchErrors: sum((s) => s.errors),
      writeRetries: retries(),
      status: watcher.current,
      openGapMs,
    });
  }, progressMs);

  await stop;
  const now = Date.now();
  const worst = writers
    .map((writer) => ({ index: writer.index, ...writer.gaps.result(now) }))
    .reduce((a, b) => (b.ms > a.ms ? b : a));
  const searchGapMs = Math.max(...searchers.map(({ gaps }) => gaps.result(now).ms));
  for (const client of [...writers, ...searchers, watcher]) client.stop();
  await Promise.all(clients);
  clearInterval(ticker);
  const report: Report = {
    kind: 'report',
    acknowledged: acknowledgedBy(writers),
    writeRetries: retries(),
    refused: refused(),
    lost: await lost(),
    searches: sum((s) => s.answered),
    searchErrors: sum((s) => s.errors),
    lastSearchError: searchers.map(({ lastError }) => lastError).find((error) => error !== '') ?? '',
    writeGapMs: worst.ms,
    writeGapIndex: worst.index,
    writeGapUntil: worst.until,
    searchGapMs,
    ...watcher.result(),
  };
  print(report);
  await signal('SIGTERM');
};

const main = async (): Promise<void> => {
  const to = await target(variable('HOST'), variable('CA_FILE'), variable('USER_FOLDER'));
  const [command, counts] = process.argv.slice(2);
  if (command === 'run') return run(await plainLoad(to));
  if (command === 'reviews') return run(await reviewsLoad(to));
  if (command !== 'verify' || counts === undefined)
    throw new Error(`the command must be "run", "reviews" or "verify COUNTS", but is "${command ?? ''}"`);
  print({
    kind: 'verified',
    lost: await lostIds(new Connection(to, { timeoutMs: 20_000 }), JSON.parse(counts) as Record<string, number>),
  });
};

process.once('SIGTERM', () => process.exit(0));
main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
