// Clients that differ in what they know of nodes that vanish, side by side, each asking for the number of reviews again
// and again: node clients.cjs. Prints a line of JSON for each long time without an answer, and for each failure.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { type Connection, connect, connectionFromEnvironment } from '../../../examples/src/connection.ts';
import { pause } from './connection.ts';

const betweenMs = 300;
const worthALineMs = 500;
/** Of each kind, so that some are connected to the node that vanishes. */
const many = 6;

/** With nothing said about time-outs and retries. */
const plain = ({ url, caFile, credentials }: Connection): Client => {
  const read = (name: string): string => readFileSync(join(credentials, name), 'utf8').trim();
  return new Client({
    node: url,
    auth: { username: read('username'), password: read('password') },
    tls: { ca: readFileSync(caFile) },
  });
};

const askOn = async (name: string, client: Client): Promise<never> => {
  let last = Date.now();
  for (;;) {
    const failed = await client.count({ index: 'reviews' }).then(
      () => 0,
      () => 1,
    );
    const now = Date.now();
    const gapMs = now - last;
    if (gapMs >= worthALineMs || failed > 0)
      process.stdout.write(`${JSON.stringify({ kind: 'client', at: now, name, gapMs, failed })}\n`);
    if (failed === 0) last = now;
    await pause(betweenMs);
  }
};

const main = async (): Promise<void> => {
  const service = connectionFromEnvironment(process.env, 'search');
  const addresses = { ...service, url: process.env['ADDRESSES'] ?? '' };
  const [, , seconds, ...wanted] = process.argv;
  setTimeout(() => process.exit(0), Number(seconds) * 1000);
  const kinds: readonly (readonly [string, () => Client])[] = [
    ["the client's defaults", () => plain(service)],
    ['the example client', () => connect(service)],
    ['with three addresses', () => connect(addresses)],
  ];
  const asked = kinds.filter(([name]) => wanted.includes(name));
  if (asked.length < wanted.length) throw new Error(`one of these kinds is not known: ${wanted.join(', ')}`);
  await Promise.all(asked.flatMap(([name, make]) => Array.from({ length: many }, () => askOn(name, make()))));
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
