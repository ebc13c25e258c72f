// Presses on the heap: node pressure.cjs SECONDS. Many searches at once for many long documents, whose answers are left
// unread for a while: every node holds them, collects garbage all the time, and its circuit breakers refuse some of the
// requests. How fast the processors are does not matter much. Prints one line of JSON at its end.
import { Connection, type Target, target } from './connection.ts';
import { fill } from './fill.ts';

const index = 'pressure';
/** Of each answer: 20 MB of documents. */
const size = 2_000;
const parallel = 24;
const unreadMs = 3_000;

interface Outcome {
  answered: number;
  refused: number;
  failed: number;
}

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
  await fill(to, index, 1);
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
