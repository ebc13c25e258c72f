import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type IngestOptions, ingest } from '../../../examples/src/ingest.ts';
import { sampleReviews } from '../../../examples/src/sample.ts';
import type { Server } from '../support/elasticsearch.ts';
import { removeAll, review } from '../support/reviews.ts';

export function ingestSuite(given: () => { server: Server }): void {
  const options = (): IngestOptions => ({ connect: () => given().server.client('ingest') });
  const count = async (): Promise<number> => {
    const client = given().server.client();
    await client.indices.refresh({ index: 'reviews' });
    return (await client.count({ index: 'reviews' })).count;
  };

  describe('the example client', () => {
    beforeAll(() => removeAll(given().server));
    afterAll(() => removeAll(given().server));

    test('writes each review once, however often it runs', async () => {
      const reviews = [...sampleReviews({ count: 500, until: '2026-11-20' })];
      expect(await ingest(reviews, options())).toMatchObject({ created: 500, existed: 0, rejected: [] });
      expect(await ingest(reviews, options())).toMatchObject({ created: 0, existed: 500, rejected: [] });
      expect(await count()).toBe(500);
    });

    test('names the reviews that are refused, and writes the others', async () => {
      const bad = review('I-bad', { delivered_at: 'never' });
      const result = await ingest([review('I-1'), bad, review('I-2')], options());
      expect(result.created).toBe(2);
      expect(result.rejected).toMatchObject([{ review: bad, reason: expect.stringContaining('never') }]);
    });

    test('loses and doubles nothing when connections break between the writing and the answer', async () => {
      await removeAll(given().server);
      const reviews = [...sampleReviews({ count: 3_000, until: '2026-11-20', seed: 7 })];
      let calls = 0;
      const connect = (): ReturnType<IngestOptions['connect']> => {
        const client = given().server.client('ingest');
        // The first two rounds lose their connections while requests are under way.
        if (++calls <= 2) setTimeout(() => void client.close(), 150);
        return client;
      };
      const result = await ingest(reviews, { connect, flushBytes: 50_000, concurrency: 2 });
      expect(result.rounds).toBeGreaterThan(1);
      expect(result.created + result.existed).toBe(3_000);
      expect(await count()).toBe(3_000);
    });

    test('reads no faster than the cluster takes: what waits in memory is bounded', async () => {
      let read = 0;
      let written = 0;
      let ahead = 0;
      function* counted(): Generator<ReturnType<typeof review>> {
        for (const one of sampleReviews({ count: 10_000, until: '2026-11-20', seed: 8 })) {
          ahead = Math.max(ahead, ++read - written);
          yield one;
        }
      }
      await ingest(counted(), {
        ...options(),
        flushBytes: 100_000,
        concurrency: 2,
        onProgress: ({ created }) => (written = created),
      });
      expect(read).toBe(10_000);
      // Two requests of 100 kB under way, one being filled, and a progress report every 1,000.
      expect(ahead).toBeLessThan(3_000);
    });

    test('gives up with a clear error when nothing can be written for long', async () => {
      const nowhere = { connect: () => given().server.client('ingest', 'wrong'), patienceMs: 1_000 };
      await expect(ingest([review('I-9')], nowhere)).rejects.toThrow(/unable to authenticate|security_exception/);
    });
  });
}
