// The load driver: node load.cjs run | node load.cjs verify '{"load-0": 1234, …}'. It runs in a pod, and reaches Elasticsearch as every client does.
// `run` creates the indices, writes and searches until SIGUSR2, then verifies, prints its report, and waits to be deleted.
import { Connection, pause, target, type Target } from './connection.ts';
import type { Line, Report } from './protocol.ts';
import { Searcher } from './searcher.ts';
import { lostIds } from './verify.ts';
import { Watcher } from './watcher.ts';
import { Writer } from './writer.ts';

/** So many that each node holds some of the primaries. */
const indices = Array.from({ length: 6 }, (_, i) => `load-${i}`);
const searchers = 2;
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
  const connection = new Connection(to, 20_000);
  const settings = JSON.stringify({ settings: { number_of_shards: 1, number_of_replicas: Number(process.env['REPLICAS'] ?? 1) } });
  for (const index of indices) {
    await untilDone(`deleting ${index}`, async () => (await connection.send('DELETE', `/${index}?ignore_unavailable=true`)).status === 200);
    await untilDone(`creating ${index}`, async () => [200, 400].includes((await connection.send('PUT', `/${index}`, settings)).status));
  }
  await untilDone('recovering the new indices', async () => {
    const path = `/_cluster/health/${indices.join(',')}?wait_for_status=green&timeout=15s`;
    return (await connection.send('GET', path)).status === 200;
  });
  connection.close();
};

const signal = (name: 'SIGUSR2' | 'SIGTERM'): Promise<void> => new Promise((resolve) => process.once(name, () => resolve()));

const run = async (to: Target): Promise<void> => {
  const stop = signal('SIGUSR2');
  await makeIndices(to);
  const writers = indices.map((index) => new Writer(index, new Connection(to)));
  const readers = Array.from({ length: searchers }, () => new Searcher(indices, new Connection(to)));
  const watcher = new Watcher(new Connection(to), (status) => print({ kind: 'status', at: Date.now(), status }));
  const acknowledged = (): Record<string, number> => Object.fromEntries(writers.map((writer) => [writer.index, writer.acknowledged]));
  const sum = (of: (searcher: Searcher) => number): number => readers.reduce((total, searcher) => total + of(searcher), 0);
  const clients = [...writers, ...readers, watcher].map((client) => client.run());
  const ticker = setInterval(() => {
    const openGapMs = Math.max(...writers.map(({ gaps }) => gaps.open(Date.now())));
    print({ kind: 'progress', at: Date.now(), acknowledged: acknowledged(), searches: sum((s) => s.answered), searchErrors: sum((s) => s.errors), status: watcher.current, openGapMs });
  }, progressMs);

  await stop;
  const now = Date.now();
  const worst = writers.map((writer) => ({ index: writer.index, ...writer.gaps.result(now) })).reduce((a, b) => (b.ms > a.ms ? b : a));
  const searchGapMs = Math.max(...readers.map(({ gaps }) => gaps.result(now).ms));
  for (const client of [...writers, ...readers, watcher]) client.stop();
  await Promise.all(clients);
  clearInterval(ticker);
  const report: Report = {
    kind: 'report',
    acknowledged: acknowledged(),
    writeRetries: writers.reduce((total, { retries }) => total + retries, 0),
    lost: await lostIds(new Connection(to, 20_000), acknowledged()),
    searches: sum((s) => s.answered),
    searchErrors: sum((s) => s.errors),
    lastSearchError: readers.map(({ lastError }) => lastError).find((error) => error !== '') ?? '',
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
  if (command === 'run') return run(to);
  if (command !== 'verify' || counts === undefined) throw new Error(`the command must be "run" or "verify COUNTS", but is "${command ?? ''}"`);
  print({ kind: 'verified', lost: await lostIds(new Connection(to, 20_000), JSON.parse(counts) as Record<string, number>) });
};

process.once('SIGTERM', () => process.exit(0));
main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
