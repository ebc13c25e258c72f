// Measures the example client beside a plain loop with curl, in one run on one cluster, in turns:
//   tsx examples/with-cluster.ts NAMESPACE -- npx tsx test/reviews/measure.ts [REVIEWS]
// or against a node of its own, where the test bed has been built: tsx test/reviews/measure.ts alone [REVIEWS]
// Times are of a noisy machine; what counts is the ratio. Writes reviews of made-up customers and leaves them in the
// cluster.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, connectionFromEnvironment } from '../../examples/src/connection.ts';
import { ingest } from '../../examples/src/ingest.ts';
import { find } from '../../examples/src/queries.ts';
import { sampleReviews } from '../../examples/src/sample.ts';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { startElasticsearch } from './support/elasticsearch.ts';
import { makeMounts, setUp } from './support/set-up.ts';

const ROUNDS = 3;
const QUERIES = 200;
const CHUNK = 1_000_000;
const seeds = (() => {
  let next = Math.floor(Date.now() / 1000) % 1_000_000_000;
  return () => next++;
})();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
};

/** Bodies of bulk requests as large as the client's, written before the clock starts. */
const chunks = (folder: string, count: number): string[] => {
  const files: string[] = [];
  let body = '';
  const flush = (): void => {
    if (body === '') return;
    files.push(join(folder, `chunk-${files.length}`));
    writeFileSync(files.at(-1) ?? '', body);
    body = '';
  };
  for (const review of sampleReviews({ count, until: '2026-11-20', seed: seeds() })) {
    body += `{"create":{"_index":"reviews","_id":"${review.delivery_id}"}}\n${JSON.stringify(review)}\n`;
    if (body.length > CHUNK) flush();
  }
  flush();
  return files;
};

const curl = (folder: string, user: string, path: string, ...options: string[]): Promise<void> => {
  const { url, caFile, credentials } = connectionFromEnvironment(process.env, user);
  const read = (name: string): string => readFileSync(join(credentials, name), 'utf8').trim();
  const config = join(folder, `${user}.curl`);
  writeFileSync(config, `user = "${read('username')}:${read('password')}"\ncacert = "${caFile}"\n`, { mode: 0o600 });
  return new Promise((resolve, reject) => {
    const child = spawn('curl', [
      '-sf',
      '-K',
      config,
      '-o',
      '/dev/null',
      '-H',
      'Content-Type: application/json',
      ...options,
      `${url}/${path}`,
    ]);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`curl ended with ${code}`))));
  });
};

const measureWriting = async (folder: string, count: number): Promise<string> => {
  const ours: number[] = [];
  const theirs: number[] = [];
  const connection = connectionFromEnvironment(process.env, 'ingest');
  for (let round = 0; round < ROUNDS; round++) {
    const files = chunks(folder, count);
    theirs.push(
      await seconds(async () => {
        for (const file of files) await curl(folder, 'ingest', 'reviews/_bulk', '--data-binary', `@${file}`);
      }),
    );
    const reviews = sampleReviews({ count, until: '2026-11-20', seed: seeds() });
    ours.push(await seconds(() => ingest(reviews, { connect: () => connect(connection) })));
  }
  return row(`write ${count} reviews`, count / median(ours), count / median(theirs), 'reviews/s');
};

const measureAsking = async (folder: string): Promise<string> => {
  const client = connect(connectionFromEnvironment(process.env, 'search'));
  const query = join(folder, 'query');
  const match = { 'text.nl': { query: 'kapotte pakketten', operator: 'and' } };
  writeFileSync(
    query,
    JSON.stringify({ size: 3, track_total_hits: true, query: { match }, sort: ['_score', { created_at: 'desc' }] }),
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(
      await seconds(async () => {
        for (let i = 0; i < QUERIES; i++) await curl(folder, 'search', 'reviews/_search', '--data-binary', `@${query}`);
      }),
    );
    ours.push(
      await seconds(async () => {
        for (let i = 0; i < QUERIES; i++) await find(client, 'nl', 'kapotte pakketten');
      }),
    );
  }
  await client.close();
  return row(
    `${QUERIES} searches, one after the other`,
    QUERIES / median(ours),
    QUERIES / median(theirs),
    'searches/s',
  );
};

const row = (what: string, ours: number, theirs: number, unit: string): string =>
  `| ${what} | ${Math.round(ours)} ${unit} | ${Math.round(theirs)} ${unit} | ${(ours / theirs).toFixed(2)} |`;

/** The most memory that a process of its own has had after writing so many reviews, in MB. */
const peakMemory = (count: number): number => {
  const run = spawnSync(process.execPath, [...process.execArgv, __filename, 'memory', String(count)], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return Math.round(Number(run.stdout));
};

const memoryOf = async (count: number): Promise<void> => {
  const connection = connectionFromEnvironment(process.env, 'ingest');
  await ingest(sampleReviews({ count, until: '2026-11-20', seed: seeds() }), { connect: () => connect(connection) });
  process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
};

const everything = async (count: number): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'measure-'));
  try {
    process.stdout.write('| | example client | loop with curl | ratio |\n|---|---|---|---|\n');
    process.stdout.write(`${await measureWriting(folder, count)}\n${await measureAsking(folder)}\n`);
    const [small, large] = [peakMemory(count), peakMemory(10 * count)];
    process.stdout.write(
      `\nPeak memory of the client: ${small} MB for ${count} reviews, ${large} MB for ${10 * count}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A node of its own, with what the set-up makes; afterwards, how much room a review takes. */
const alone = async (count: number): Promise<void> => {
  const why = elasticsearch.lack()?.why;
  if (why !== undefined) throw new Error(`Elasticsearch: ${why}`);
  await elasticsearch.make?.();
  const server = await startElasticsearch();
  try {
    const mounts = await makeMounts(server);
    const run = await setUp(server, mounts);
    mounts.programs.remove();
    if (run.code !== 0) throw new Error(run.stdout);
    Object.assign(process.env, { ELASTICSEARCH_URL: server.url, CA_FILE: server.caFile, CREDENTIALS: mounts.users });
    await everything(count);
    const client = server.client();
    const months = Object.keys(await client.indices.get({ index: 'reviews-*' }));
    for (const month of months) await client.indices.forcemerge({ index: month, max_num_segments: 1, flush: true });
    const { _all } = await client.indices.stats({ index: 'reviews-*', metric: ['docs', 'store'] });
    const { docs, store } = _all.primaries ?? {};
    process.stdout.write(
      `One review takes ${Math.round((store?.size_in_bytes ?? 0) / (docs?.count ?? 1))} bytes ` +
        `(${docs?.count ?? 0} reviews, merged)\n`,
    );
  } finally {
    await server.stop();
  }
};

const [first, second] = process.argv.slice(2);
const work =
  first === 'memory'
    ? memoryOf(Number(second))
    : first === 'alone'
      ? alone(Number(second ?? 10_000))
      : everything(Number(first ?? 10_000));
work.catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  process.exitCode = 1;
});
