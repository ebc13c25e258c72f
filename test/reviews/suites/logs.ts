import { describe, expect, test } from '@jest/globals';
import type { Server } from '../support/elasticsearch.ts';
import { until } from '../support/programs.ts';
import { removeAll, review, write } from '../support/reviews.ts';

const MONTH = 'reviews-2026.11';
const CUSTOMER = 'C-NOT-IN-THE-LOG';
const WORDS = 'nobody reads this in a log';

/** The lines about slow writes, as they were printed. */
const slowIn = (log: string): string[] => log.split('\n').filter((line) => line.includes('slowlog'));

export function logsSuite(given: () => { server: Server }): void {
  describe('what is slow', () => {
    const threshold = (warn: string): Promise<unknown> =>
      given()
        .server.client()
        .indices.putSettings({ index: MONTH, settings: { 'index.indexing.slowlog.threshold.index.warn': warn } });

    test('is told of a write by its id alone, as a line of JSON, and not at all of a search', async () => {
      const { server } = given();
      await removeAll(server);
      await write(server, [review('NOT-SLOW', { customer_id: CUSTOMER })]);
      const found = await server.client().indices.getSettings({ index: MONTH, flat_settings: true });
      expect(found[MONTH]?.settings).toMatchObject({
        'index.indexing.slowlog.threshold.index.warn': '1s',
        'index.indexing.slowlog.source': 'false',
      });
      expect(JSON.stringify(found)).not.toContain('search.slowlog');
      // Everything is slower than that.
      await threshold('0ms');
      await write(server, [review('SLOW', { customer_id: CUSTOMER, text: { en: WORDS } })]);
      await until(() => slowIn(server.log()).length > 0, 30);
      await server.client().search({ index: 'reviews', query: { term: { customer_id: CUSTOMER } } });
      await threshold('1s');
      await write(server, [review('NOT-SLOW-EITHER', { customer_id: CUSTOMER })]);
      const [line = '', ...more] = slowIn(server.log());
      expect(more).toEqual([]);
      expect(JSON.parse(line)).toMatchObject({
        '@timestamp': expect.any(String),
        'log.level': 'WARN',
        'elasticsearch.slowlog.id': 'SLOW',
        'elasticsearch.slowlog.took_millis': expect.any(String),
      });
      expect(server.log()).not.toContain(CUSTOMER);
      expect(server.log()).not.toContain(WORDS);
      await removeAll(server);
    });
  });
}
