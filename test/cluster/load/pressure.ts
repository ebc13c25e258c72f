// Presses on the heap: node pressure.cjs SECONDS. Many searches at once for many long documents, whose answers are left
// unread for a while: every node holds them, collects garbage all the time, and its circuit breakers refuse some of the
// requests. How fast the processors are does not matter much. Prints one line of JSON at its end.
import { randomBytes } from 'node:crypto';
import { Connection, pause, type Target, target } from './connection.ts';

const index = 'pressure';
const documents = 9_000;
const batch = 300;
/** 10 kB that do not compress well. */
const text = (): string => randomBytes(5_000).toString('hex');
/** Of each answer: 20 MB of documents. */
const size = 2_000;
const parallel = 24;
const unreadMs = 3_000;

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
  const mappings = { dynamic: false };
  await succeed(
    connection,
    'PUT',
    `/${index}`,
    JSON.stringify({ settings: { number_of_shards: 3, number_of_replicas: 1 }, mappings }),
  );
  for (let from = 0; from < documents; from += batch) {
    const lines = Array.from({ length: batch }, () => `{"index":{}}\n{"text":"${text()}"}\n`);
    await succeed(connection, 'POST', `/${index}/_bulk`, lines.join(''));
  }
  await succeed(connection, 'POST', `/${index}/_refresh`);
  connection.close();
};

const press = async (to: Target, until: number, outcome: Outcome): Promise<void> => {
  const connection = new Connection(to, { timeoutMs: 30_000, unreadMs });
  while (Date.now() < until) {
    try {
      const { status } = await connection.send('GET', `/${index}/_search?size=${size}`);
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
