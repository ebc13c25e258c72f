import type { Review } from '../../../examples/src/review.ts';
import type { Server } from './elasticsearch.ts';

export function review(id: string, change: Partial<Review> = {}): Review {
  return {
    delivery_id: id,
    customer_id: 'C00001',
    rating: 2,
    language: 'nl',
    channel: 'app',
    hub: 'AMS-1',
    route: 'AMS-1-R1',
    delivered_at: '2026-11-10T10:00:00Z',
    created_at: '2026-11-10T12:00:00Z',
    text: { nl: 'Het pakket was nat.' },
    ...change,
  };
}

/** Writes as the superuser and makes the reviews searchable; an answer that is not "created" is an error. */
export async function write(server: Server, reviews: readonly (Review & { courier?: string })[]): Promise<void> {
  const answer = await server.client().bulk({
    refresh: true,
    operations: reviews.flatMap((one) => [{ create: { _index: 'reviews', _id: one.delivery_id } }, one]),
  });
  if (answer.errors) throw new Error(JSON.stringify(answer.items.find((item) => item.create?.error !== undefined)));
}

/** No month exists any more. */
export async function removeAll(server: Server): Promise<void> {
  const client = server.client();
  const months = Object.keys(await client.indices.get({ index: 'reviews-*' }));
  for (const month of months) await client.indices.delete({ index: month });
}

/** The first 100: INDEX/ID. */
export async function where(server: Server): Promise<string[]> {
  const answer = await server.client().search({ index: 'reviews', size: 100, sort: [{ delivery_id: 'asc' }] });
  return answer.hits.hits.map(({ _index, _id }) => `${_index}/${_id ?? ''}`);
}
