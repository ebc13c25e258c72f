// Large documents for other programs of the load.
import { randomBytes } from 'node:crypto';
import { Connection, pause, type Target } from './connection.ts';

const documents = 9_000;
const batch = 300;
/** 10 kB that do not compress well. */
const text = (): string => randomBytes(5_000).toString('hex');

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

/** Makes an index of three shards with 90 MB, in place of one that an earlier attempt may have left. */
export const fill = async (to: Target, index: string, replicas: number): Promise<void> => {
  const connection = new Connection(to, { timeoutMs: 60_000 });
  await succeed(connection, 'DELETE', `/${index}?ignore_unavailable=true`);
  const mappings = { dynamic: false };
  await succeed(
    connection,
    'PUT',
    `/${index}`,
    JSON.stringify({ settings: { number_of_shards: 3, number_of_replicas: replicas }, mappings }),
  );
  for (let from = 0; from < documents; from += batch) {
    const lines = Array.from({ length: batch }, () => `{"index":{}}\n{"text":"${text()}"}\n`);
    await succeed(connection, 'POST', `/${index}/_bulk`, lines.join(''));
  }
  await succeed(connection, 'POST', `/${index}/_refresh`);
  connection.close();
};
