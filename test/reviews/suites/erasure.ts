import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Finished } from '../../../scripts/lib/process.ts';
import type { Server } from '../support/elasticsearch.ts';
import { messagesOf } from '../support/programs.ts';
import { removeAll, review, where, write } from '../support/reviews.ts';
import { erase, type Mounts } from '../support/set-up.ts';

/** As ids of customers may be: what JSON, a URL, a pattern or a query would take for something else. */
const IDS = [
  'C-leaves',
  ' C leaves ',
  '"',
  'C"}},"x":{"y":{"',
  "O'Brien & Søn; DROP",
  '\\',
  'a\\"b\\',
  '*',
  'C?00*',
  'reviews/_search',
  'Ünïcødé 顧客 ★ 👩‍🚀',
  'e\u0301',
  '\ufeffmark',
  '{"query":{"match_all":{}}}',
  'null',
  '0',
  'x'.repeat(512),
];
/** What must stay: each nearly one of those. */
const LOOKALIKES = ['C-leaves-not', 'C leaves', '\\\\', 'C-00000', 'é', 'mark', 'C00001', 'a\\"b'];

const proof = (count: number): object => ({
  code: 0,
  stdout: `${count} reviews erased, none left. Snapshots taken before still hold them until they expire.\n`,
});

export function erasureSuite(given: () => { server: Server; mounts: Mounts }): void {
  describe('erasure', () => {
    const erased = async (customer: string): Promise<Finished> => {
      const { server, mounts } = given();
      const run = await erase(server, mounts, customer);
      // Each line of it parses; the id is in none.
      const said = `${messagesOf(run.stderr)}${run.stdout}`;
      if (customer.length > 3) expect(said).not.toContain(customer);
      return run;
    };
    const count = async (): Promise<number> => (await given().server.client().count({ index: 'reviews' })).count;

    beforeEach(() => removeAll(given().server));

    test('takes all reviews of one customer, in every month and over many pages, and nobody else’s', async () => {
      const { server } = given();
      const many = Array.from({ length: 12_000 }, (_, i) => {
        const month = String(1 + (i % 12)).padStart(2, '0');
        return review(`E-${i}`, { customer_id: 'C-leaves', delivered_at: `2026-${month}-05T10:00:00Z` });
      });
      for (let i = 0; i < many.length; i += 3_000) await write(server, many.slice(i, i + 3_000));
      await write(server, [review('E-stays', { customer_id: 'C-leaves-not' })]);
      expect(await erased('C-leaves')).toMatchObject(proof(12_000));
      expect(await where(server)).toEqual(['reviews-2026.11/E-stays']);
      expect(await erased('C-leaves')).toMatchObject(proof(0));
    });

    test('takes the customer id as a text, not as a pattern or a query', async () => {
      const { server } = given();
      await write(
        server,
        [...IDS, ...LOOKALIKES].map((customer_id, i) => review(`E-${i}`, { customer_id })),
      );
      for (const [i, id] of IDS.entries()) {
        expect(await erased(id)).toMatchObject(proof(1));
        expect(await count()).toBe(IDS.length + LOOKALIKES.length - i - 1);
      }
      expect(await where(server)).toHaveLength(LOOKALIKES.length);
    }, 300_000);

    test('takes ids of deliveries that hold quotes, backslashes and more than ASCII', async () => {
      const { server } = given();
      const ids = ['D"1', 'D\\2', 'D\\"3', 'D/4?x=1', 'D\u00e9 顧客', 'D\n5', 'D{"delete":{}}'];
      await write(
        server,
        ids.map((id) => review(id, { customer_id: 'C-leaves' })),
      );
      expect(await erased('C-leaves')).toMatchObject(proof(ids.length));
      expect(await count()).toBe(0);
    });

    describe('of what cannot be searched or deleted', () => {
      const odd = 'reviews-2026.08';
      beforeEach(() =>
        write(given().server, [
          review('E-1', { customer_id: 'C-leaves', delivered_at: '2026-08-05T10:00:00Z' }),
          review('E-2', { customer_id: 'C-leaves', delivered_at: '2026-09-05T10:00:00Z' }),
        ]),
      );
      afterEach(async () => {
        const client = given().server.client();
        await client.indices.putSettings({ index: odd, settings: { 'index.blocks.write': false } });
        await client.indices.open({ index: odd });
      });

      test.each([
        ['with the alias', true],
        ['without it', false],
      ])('a month that is closed, %s, is named, and nothing counts as proven', async (_, hasAlias) => {
        const client = given().server.client();
        if (!hasAlias) await client.indices.deleteAlias({ index: odd, name: 'reviews' });
        await client.indices.close({ index: odd });
        const run = await erased('C-leaves');
        expect(run).toMatchObject({ code: 1, stdout: '' });
        expect(messagesOf(run.stderr)).toContain(`index_closed_exception in ${odd}`);
        await client.indices.open({ index: odd });
        expect(await erased('C-leaves')).toMatchObject(proof(2));
      });

      test('a month that lacks the alias is searched all the same', async () => {
        const { server } = given();
        await server.client().indices.deleteAlias({ index: odd, name: 'reviews' });
        expect(await erased('C-leaves')).toMatchObject(proof(2));
        const left = await server.client().count({ index: 'reviews-*' });
        expect(left.count).toBe(0);
      });

      test('a month in which nothing may be written ends it with the reason', async () => {
        const { server } = given();
        await server.client().indices.putSettings({ index: odd, settings: { 'index.blocks.write': true } });
        const run = await erased('C-leaves');
        expect(run).toMatchObject({ code: 1, stdout: '' });
        expect(messagesOf(run.stderr)).toMatch(
          /could not be deleted: cluster_block_exception: index \[reviews-2026\.08\]/,
        );
        await server.client().indices.refresh({ index: 'reviews' });
        expect(await where(server)).toEqual([`${odd}/E-1`]);
      });
    });

    test('where there is no month at all nothing is proven', async () => {
      const run = await erased('C-leaves');
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(messagesOf(run.stderr)).toContain('index_not_found_exception in reviews');
    });
  });
}
