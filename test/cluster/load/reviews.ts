// The load as the Run team's programs are: each with the login and the rights of its own, and connections that are made
// anew all the time, so that each change of a login, a certificate or an authority is met by all of them.
import { type Review } from '../../../examples/src/review.ts';
import { type Answer, type Connection, pause } from './connection.ts';
import type { Write } from './writer.ts';

export const reviewsIndex = 'reviews';
/** After so many requests each program connects anew. */
export const requestsAConnection = 10;
const batch = 500;

const idOf = (run: string, n: number): string => `LOAD-${run}-${n}`;

export const reviewOf = (id: string): Review => ({
  delivery_id: id,
  customer_id: 'C00001',
  rating: 2,
  language: 'en',
  channel: 'app',
  hub: 'AMS-1',
  route: 'AMS-1-R1',
  delivered_at: '2026-11-10T10:00:00Z',
  created_at: '2026-11-10T12:00:00Z',
  text: { en: 'The parcel arrived' },
});

/** The body of a bulk request that creates one review. */
export const createReview = (id: string): string =>
  [{ create: { _index: reviewsIndex, _id: id } }, reviewOf(id)].map((line) => `${JSON.stringify(line)}\n`).join('');

interface Bulk {
  readonly items?: readonly { readonly create?: { readonly status?: number } }[];
}

/** Created, or there already: from an attempt whose answer was lost. */
const isThere = ({ status, body }: Answer): boolean => {
  const item = status === 200 ? (JSON.parse(body) as Bulk).items?.[0]?.create?.status : undefined;
  return item === 201 || item === 409;
};

/** User ingest may append in bulk, and nothing else. */
export const reviewWrite =
  (run: string) =>
  (n: number): Write => ({ method: 'POST', path: '/_bulk', body: createReview(idOf(run, n)), isDone: isThere });

interface Found {
  readonly hits: { readonly hits: readonly { readonly _id: string }[] };
}

/** As user search: what is not found, or found twice. */
export const wrongReviews = async (connection: Connection, run: string, acknowledged: number): Promise<string[]> => {
  // What was written last can be found a second later.
  await pause(3000);
  const wrong: string[] = [];
  for (let from = 0; from < acknowledged; from += batch) {
    const ids = Array.from({ length: Math.min(batch, acknowledged - from) }, (_, i) => idOf(run, from + i));
    const query = { size: 2 * batch, _source: false, query: { ids: { values: ids } } };
    const { status, body } = await connection.send(
      'POST',
      `/${reviewsIndex}/_search?allow_partial_search_results=false`,
      JSON.stringify(query),
    );
    if (status !== 200) throw new Error(`the reviews cannot be searched: HTTP ${status} ${body.slice(0, 300)}`);
    const times = new Map<string, number>();
    for (const { _id } of (JSON.parse(body) as Found).hits.hits) times.set(_id, (times.get(_id) ?? 0) + 1);
    wrong.push(...ids.filter((id) => times.get(id) !== 1).map((id) => `${id}: ${times.get(id) ?? 0} times`));
  }
  return wrong;
};
