// Is every acknowledged document there? Read by id, which sees every write at once.
import { type Connection, pause } from './connection.ts';

const batch = 500;
const patienceMs = 120_000;

interface Found {
  readonly docs: readonly { readonly _id: string; readonly found?: boolean }[];
}

const fetchBatch = async (connection: Connection, index: string, ids: readonly string[]): Promise<Found> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    let why: string;
    try {
      const { status, body } = await connection.send('POST', `/${index}/_mget?_source=false`, JSON.stringify({ ids }));
      const found = JSON.parse(body) as Found;
      // A shard that is away answers with an error for each id: that is no answer.
      if (status === 200 && found.docs.every((doc) => doc.found !== undefined)) return found;
      why = `HTTP ${status} ${body.slice(0, 300)}`;
    } catch (error) {
      why = String(error);
    }
    if (Date.now() > end) throw new Error(`the documents of ${index} cannot be read: ${why}`);
    await pause(500);
  }
};

/** The ids, as INDEX/ID, of acknowledged documents that are not there. */
export const lostIds = async (
  connection: Connection,
  acknowledged: Readonly<Record<string, number>>,
): Promise<string[]> => {
  const lost: string[] = [];
  for (const [index, count] of Object.entries(acknowledged))
    for (let from = 0; from < count; from += batch) {
      const ids = Array.from({ length: Math.min(batch, count - from) }, (_, i) => String(from + i));
      const { docs } = await fetchBatch(connection, index, ids);
      lost.push(...docs.filter(({ found }) => found !== true).map(({ _id }) => `${index}/${_id}`));
    }
  return lost;
};
