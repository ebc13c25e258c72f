// Writes in bulk for as long as its pod lives: node bulk.cjs. First it makes an index `large` of one copy, whose second
// one is to be made meanwhile. Prints a line of JSON when it begins.
import { Connection, pause, type Target, target } from './connection.ts';
import { fill } from './fill.ts';

const parallel = 4;
const batch = 500;
const body = Array.from(
  { length: batch },
  (_, i) => `{"index":{}}\n{"number":${i},"words":"late but friendly"}\n`,
).join('');

const write = async (to: Target): Promise<never> => {
  const connection = new Connection(to, { timeoutMs: 10_000 });
  for (;;) {
    const status = await connection.send('POST', '/bulk/_bulk', body).then(
      (answer) => answer.status,
      () => 0,
    );
    // Whoever may not write, or can't, tries again, as a client should.
    if (status !== 200) await pause(200);
  }
};

const main = async (): Promise<void> => {
  const to = await target(process.env['HOST'] ?? '', process.env['CA_FILE'] ?? '', process.env['USER_FOLDER'] ?? '');
  await fill(to, 'large', 0);
  process.stdout.write('{"kind":"bulk"}\n');
  await Promise.all(Array.from({ length: parallel }, () => write(to)));
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
