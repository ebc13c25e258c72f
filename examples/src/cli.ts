import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { errors } from '@elastic/elasticsearch';
import { connect, connectionFromEnvironment } from './connection.ts';
import { type IngestResult, ingest } from './ingest.ts';
import { complaints, find, hubs } from './queries.ts';
import { LANGUAGES, type Review } from './review.ts';
import { sampleReviews } from './sample.ts';

export const SAMPLE_FILE = join(__dirname, '../sample-reviews.ndjson');

const COMMANDS = [
  [
    'generate  --count N --until YYYY-MM-DD [--days N] [--seed N] [--out FILE]',
    'write made-up reviews, one JSON object a line',
  ],
  ['load      [--file FILE | --count N --until YYYY-MM-DD]', 'write reviews to the cluster (default: the sample)'],
  ['query', 'ask the cluster three questions'],
] as const;

const USAGE = `usage: cli.ts COMMAND [OPTION...]
${COMMANDS.map(([form, does]) => `  ${form.padEnd(76)}${does}\n`).join('')}\
load and query read ELASTICSEARCH_URL, CA_FILE and CREDENTIALS (a folder with one folder a user: username, password).`;

async function main(argv: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      count: { type: 'string' },
      until: { type: 'string' },
      days: { type: 'string', default: '90' },
      seed: { type: 'string', default: '1' },
      file: { type: 'string', default: SAMPLE_FILE },
      out: { type: 'string' },
    },
  });
  const made = (): Generator<Review> =>
    sampleReviews({
      count: number('count', values.count),
      until: day(values.until),
      days: number('days', values.days),
      seed: number('seed', values.seed),
    });
  switch (positionals[0]) {
    case 'generate':
      await generate(made(), values.out);
      return 0;
    case 'load':
      return load(values.count === undefined ? fromFile(values.file) : made());
    case 'query':
      await query();
      return 0;
    default:
      process.stderr.write(`${USAGE}\n`);
      return 2;
  }
}

async function generate(reviews: Iterable<Review>, out: string | undefined): Promise<void> {
  const stream: Writable = out === undefined ? process.stdout : createWriteStream(out);
  for (const review of reviews) {
    // Wait for a slow reader instead of holding everything in memory.
    if (!stream.write(`${JSON.stringify(review)}\n`)) await once(stream, 'drain');
  }
  if (out !== undefined) await new Promise((resolve) => stream.end(() => resolve(undefined)));
}

async function load(reviews: Iterable<Review> | AsyncIterable<Review>): Promise<number> {
  const connection = connectionFromEnvironment(process.env, 'ingest');
  const start = Date.now();
  const result = await ingest(reviews, {
    connect: () => connect(connection),
    onProgress: (now) => progress(now, start),
  });
  process.stderr.write('\n');
  if (result.rejected.length === 0) return 0;
  mkdirSync('dist', { recursive: true });
  const file = 'dist/rejected-reviews.ndjson';
  writeFileSync(file, result.rejected.map((rejection) => JSON.stringify(rejection)).join('\n'));
  const reason = result.rejected[0]?.reason ?? '';
  process.stderr.write(`${result.rejected.length} reviews were refused: see ${file}, the first because of ${reason}\n`);
  return 1;
}

function progress({ created, existed }: IngestResult, start: number): void {
  const seconds = Math.max((Date.now() - start) / 1000, 0.001);
  const done = created + existed;
  process.stderr.write(
    `\r${done} reviews written (${created} new, ${existed} known before), ${Math.round(done / seconds)} a second`,
  );
}

async function query(): Promise<void> {
  const client = connect(connectionFromEnvironment(process.env, 'search'));
  try {
    const { total, reviews } = await find(client, 'nl', 'kapotte pakketten');
    process.stdout.write(`1. Dutch reviews about "kapotte pakketten": ${total}\n`);
    for (const { rating, hub, text } of reviews)
      process.stdout.write(`   ${'★'.repeat(rating).padEnd(5, '☆')} ${hub}  ${Object.values(text).join(' ')}\n`);
    process.stdout.write('2. Hubs, the worst rated first\n');
    for (const { hub, reviews: count, average } of await hubs(client))
      process.stdout.write(`   ${hub}  ${average.toFixed(2)}  (${count} reviews)\n`);
    process.stdout.write('3. What bad reviews speak of\n');
    for (const language of LANGUAGES)
      process.stdout.write(`   ${language}  ${(await complaints(client, language)).join(', ')}\n`);
  } finally {
    await client.close();
  }
}

async function* fromFile(file: string): AsyncGenerator<Review> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line !== '') yield JSON.parse(line);
  }
}

function explain(error: unknown): string {
  if (error instanceof errors.ResponseError && error.message.startsWith('index_not_found_exception'))
    return 'there are no reviews yet: load some first';
  return error instanceof Error ? error.message : String(error);
}

function number(name: string, value: string | undefined): number {
  const parsed = Number(value);
  if (value === undefined || !Number.isInteger(parsed) || parsed < 1)
    throw new Error(`--${name} must be a whole number above 0, is "${value ?? ''}"`);
  return parsed;
}

function day(value: string | undefined): string {
  if (value === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new Error(`--until must be a day such as 2026-11-20, is "${value ?? ''}"`);
  return value;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${explain(error)}\n`);
      process.exitCode = 1;
    },
  );
}
