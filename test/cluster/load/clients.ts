// Clients that differ in what they know of nodes that vanish, side by side, each asking for the number of reviews again
// and again: node clients.cjs. Prints a line of JSON for each long time without an answer, and for each failure.
import { lookup } from 'node:dns';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { type Connection, connect, connectionFromEnvironment } from '../../../examples/src/connection.ts';
import { pause } from './connection.ts';

const betweenMs = 300;
const worthALineMs = 500;
/** Of each kind, so that some are connected to the node that vanishes: with three nodes all but once in 130 runs. */
const many = 12;

/** With nothing said about time-outs and retries. */
const plain = ({ url, caFile, credentials }: Connection): Client => {
  const read = (name: string): string => readFileSync(join(credentials, name), 'utf8').trim();
  return new Client({
    node: url,
    auth: { username: read('username'), password: read('password') },
    tls: { ca: readFileSync(caFile) },
  });
};

interface Asking {
  readonly name: string;
  /** The time of its last answer, in milliseconds since 1970. */
  last: number;
}

/** One that waits until the end tells its wait there. */
const all: Asking[] = [];

const tell = (name: string, at: number, gapMs: number, failed: number): void => {
  if (gapMs < worthALineMs && failed === 0) return;
  writeSync(1, `${JSON.stringify({ kind: 'client', at, name, gapMs, failed })}\n`);
};

const end = (): never => {
  const now = Date.now();
  for (const { name, last } of all) tell(name, now, now - last, 0);
  process.exit(0);
};

const askOn = async (name: string, client: Client): Promise<never> => {
  const asking = { name, last: Date.now() };
  all.push(asking);
  for (;;) {
    const failed = await client.count({ index: 'reviews' }).then(
      () => 0,
      () => 1,
    );
    const now = Date.now();
    tell(name, now, now - asking.last, failed);
    if (failed === 0) asking.last = now;
    await pause(betweenMs);
  }
};

const main = async (): Promise<void> => {
  const service = connectionFromEnvironment(process.env, 'search');
  const addresses = { ...service, url: process.env['ADDRESSES'] ?? '' };
  const [, , seconds, ...wanted] = process.argv;
  setTimeout(end, Number(seconds) * 1000);
  const kinds: readonly (readonly [string, () => Client])[] = [
    ["the client's defaults", () => plain(service)],
    ['the example client', () => connect(service)],
    ['the example client, each name looked up', () => connect(service, lookup)],
    ['the example client, three addresses', () => connect(addresses)],
  ];
  const asked = kinds.filter(([name]) => wanted.includes(name));
  if (asked.length < wanted.length) throw new Error(`one of these kinds is not known: ${wanted.join(', ')}`);
  await Promise.all(asked.flatMap(([name, make]) => Array.from({ length: many }, () => askOn(name, make()))));
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
