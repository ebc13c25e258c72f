// Presses on the heap: node pressure.cjs SECONDS. Many aggregations at once, each over as many groups as Elasticsearch
// allows, so that every node collects garbage all the time and its circuit breakers refuse some of the requests. Prints
// one line of JSON at its end.
import { Connection, pause, type Target, target } from './connection.ts';

const index = 'pressure';
const documents = 60_000;
const batch = 5_000;
const parallel = 10;

interface Outcome {
  answered: number;
  refused: number;
  failed: number;
}

const succeed = async (connection: Connection, method: string, path: string, body?: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await connection
      .send(method, path, body)
      .catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (answer.status === 200) return;
    if (attempt === 20) throw new Error(`${method} ${path}: HTTP ${answer.status} ${answer.body.slice(0, 300)}`);
    await pause(1000);
  }
};

const fill = async (to: Target): Promise<void> => {
  const connection = new Connection(to, { timeoutMs: 60_000 });
  await succeed(connection, 'DELETE', `/${index}?ignore_unavailable=true`);
  const mappings = { properties: { a: { type: 'keyword' }, b: { type: 'keyword' } } };
  await succeed(
    connection,
    'PUT',
    `/${index}`,
    JSON.stringify({ settings: { number_of_shards: 3, number_of_replicas: 1 }, mappings }),
  );
  for (let from = 0; from < documents; from += batch) {
    const lines = Array.from(
      { length: batch },
      (_, i) => `{"index":{}}\n{"a":"${'x'.repeat(60)}${from + i}","b":"${'y'.repeat(60)}${(from + i) * 7}"}\n`,
    );
    await succeed(connection, 'POST', `/${index}/_bulk`, lines.join(''));
  }
  await succeed(connection, 'POST', `/${index}/_refresh`);
  connection.close();
};

const press = async (to: Target, until: number, outcome: Outcome): Promise<void> => {
  const connection = new Connection(to, { timeoutMs: 30_000 });
  const terms = (field: string, aggs?: object): object => ({
    terms: { field, size: 30_000, shard_size: 30_000, execution_hint: 'map' },
    ...(aggs === undefined ? {} : { aggs }),
  });
  const query = JSON.stringify({ size: 0, aggs: { groups: terms('a', { inner: terms('b') }) } });
  while (Date.now() < until) {
    try {
      const { status } = await connection.send('POST', `/${index}/_search?request_cache=false&filter_path=took`, query);
      if (status === 200) outcome.answered += 1;
      else if (status === 429) outcome.refused += 1;
      else outcome.failed += 1;
    } catch {
      outcome.failed += 1;
    }
  }
  connection.close();
};

const main = async (): Promise<void> => {
  const [seconds = '60'] = process.argv.slice(2);
  const to = await target(process.env['HOST'] ?? '', process.env['CA_FILE'] ?? '', process.env['USER_FOLDER'] ?? '');
  await fill(to);
  process.stdout.write('{"kind":"pressing"}\n');
  const outcome: Outcome = { answered: 0, refused: 0, failed: 0 };
  const until = Date.now() + Number(seconds) * 1000;
  await Promise.all(Array.from({ length: parallel }, () => press(to, until, outcome)));
  process.stdout.write(`${JSON.stringify({ kind: 'pressed', ...outcome })}\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
