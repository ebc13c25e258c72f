import { beforeAll, describe, expect, test } from '@jest/globals';
import { complaints, find } from '../../../examples/src/queries.ts';
import type { Language } from '../../../examples/src/review.ts';
import type { Server } from '../support/elasticsearch.ts';
import { removeAll, review, where, write } from '../support/reviews.ts';

/** In each language: what is searched for, and a text that says it in the other number. */
const NUMBERS: readonly (readonly [Language, string, string])[] = [
  ['nl', 'pakketten', 'Het pakket was nat.'],
  ['nl', 'pakket', 'Alle pakketten waren nat.'],
  ['de', 'Pakete', 'Das Paket war nass.'],
  ['de', 'Paket', 'Alle Pakete waren nass.'],
  ['fr', 'livraisons', 'La livraison était en retard.'],
  ['fr', 'livraison', 'Les livraisons sont en retard.'],
  ['en', 'parcels', 'The parcel was wet.'],
  ['en', 'parcel', 'All parcels were wet.'],
];

export function searchSuite(given: () => { server: Server }): void {
  describe('search', () => {
    beforeAll(() => removeAll(given().server));

    test.each(NUMBERS)('in %s, "%s" finds "%s"', async (language, words, text) => {
      const { server } = given();
      await removeAll(server);
      await write(server, [review('S-1', { language, text: { [language]: text } })]);
      const client = server.client('search');
      expect((await find(client, language, words)).total).toBe(1);
      // The exact sub-field holds the words as they were written.
      const exact = await client.count({ index: 'reviews', query: { match: { [`text.${language}.exact`]: words } } });
      expect(exact.count).toBe(0);
    });

    test('a phrase is found as it was written, with its small words', async () => {
      const { server } = given();
      await removeAll(server);
      await write(server, [
        review('S-1', { text: { nl: 'Dit was niet op tijd.' } }),
        review('S-2', { text: { nl: 'Op tijd, dit was niet duur.' } }),
      ]);
      const answer = await server
        .client('search')
        .search({ index: 'reviews', query: { match_phrase: { 'text.nl.exact': 'niet op tijd' } } });
      expect(answer.hits.hits.map(({ _id }) => _id)).toEqual(['S-1']);
    });

    test('a review that ingest wrote is found by search within two seconds', async () => {
      const { server } = given();
      await removeAll(server);
      // The first write makes the month; what counts is a month that exists.
      await write(server, [review('S-0')]);
      const start = Date.now();
      const operations = [
        { create: { _index: 'reviews', _id: 'S-1' } },
        review('S-1', { text: { nl: 'Fietskoerier' } }),
      ];
      await server.client('ingest').bulk({ operations });
      const client = server.client('search');
      while ((await find(client, 'nl', 'fietskoerier')).total === 0) expect(Date.now() - start).toBeLessThan(2_000);
    });

    test('words of bad reviews are ones that are rare in the others', async () => {
      const { server } = given();
      await removeAll(server);
      const good = Array.from({ length: 40 }, (_, i) =>
        review(`S-G${i}`, { rating: 5, text: { nl: 'De levering was snel en goed.' } }),
      );
      const bad = Array.from({ length: 10 }, (_, i) =>
        review(`S-B${i}`, { rating: 1, text: { nl: 'De levering was kapot.' } }),
      );
      await write(server, [...good, ...bad]);
      expect(await complaints(server.client('search'), 'nl')).toEqual(['kapot']);
    });
  });

  describe('writes', () => {
    test('one delivery is one review, however often and by whatever clock it is written', async () => {
      const { server } = given();
      await removeAll(server);
      const ingest = server.client('ingest');
      const times = ['2026-10-31T23:30:00Z', '2026-11-01T00:30:00+01:00', '2026-10-31T18:30:00-05:00'];
      const answer = await ingest.bulk({
        operations: times.flatMap((delivered_at) => [
          { create: { _index: 'reviews', _id: 'W-1' } },
          review('W-1', { delivered_at, created_at: '2026-11-02T09:00:00Z' }),
        ]),
      });
      expect(answer.items.map((item) => item.create?.status)).toEqual([201, 409, 409]);
      await server.client().indices.refresh({ index: 'reviews' });
      expect(await where(server)).toEqual(['reviews-2026.10/W-1']);
    });

    test('deliveries of two months lie in two indices under one name', async () => {
      const { server } = given();
      await removeAll(server);
      await write(server, [
        review('W-1', { delivered_at: '2026-10-31T23:59:59.999Z' }),
        review('W-2', { delivered_at: '2026-11-01T00:00:00Z' }),
      ]);
      // Once more, now that the name is an alias of several indices.
      await write(server, [review('W-3', { delivered_at: '2026-12-24T10:00:00Z' })]);
      expect(await where(server)).toEqual(['reviews-2026.10/W-1', 'reviews-2026.11/W-2', 'reviews-2026.12/W-3']);
    });

    test.each([
      ['without the time of delivery', { delivered_at: undefined }, 'delivered_at'],
      ['with a time that is none', { delivered_at: 'yesterday' }, 'yesterday'],
      ['with a field that nobody declared', { phone: '+31 20 1234567' }, 'strict'],
      ['in a language that has no field', { text: { xx: 'text' } }, 'strict'],
      ['with a rating that is no small number', { rating: 1000 }, 'rating'],
    ])('a review %s is refused', async (_, change, reason) => {
      const ingest = given().server.client('ingest');
      const answer = await ingest.bulk({
        operations: [{ create: { _index: 'reviews', _id: 'W-X' } }, { ...review('W-X'), ...change }],
      });
      expect(answer.items[0]?.create?.status).toBe(400);
      expect(JSON.stringify(answer.items[0]?.create?.error)).toContain(reason);
    });
  });
}
