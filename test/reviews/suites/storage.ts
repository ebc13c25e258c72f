// What a review takes on the disk: the number that sizes are planned with (docs/capacity.md).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleReviews } from '../../../examples/src/sample.ts';
import { inputs } from '../../../scripts/lib/capacity/text.ts';
import type { Server } from '../support/elasticsearch.ts';
import { removeAll, review, write } from '../support/reviews.ts';

const COUNT = 5_000;
const CHARACTERS = 300;

/** The same each time, and evenly spread. */
const generator = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
};

/** Words of letters by chance: hardly one comes twice, so that nothing of it compresses as language does. */
const textOf = (random: (below: number) => number): string => {
  let text = '';
  while (text.length < CHARACTERS)
    text += `${Array.from({ length: 3 + random(8) }, () => String.fromCharCode(97 + random(26))).join('')} `;
  return text.slice(0, CHARACTERS);
};

export function storageSuite(given: () => { server: Server }): void {
  const bytesOfOne = async (): Promise<number> => {
    const client = given().server.client();
    await client.indices.forcemerge({ index: 'reviews', max_num_segments: 1, flush: true });
    const { _all } = await client.indices.stats({ index: 'reviews', metric: ['docs', 'store'] });
    const [docs, bytes] = [_all.primaries?.docs?.count ?? 0, _all.primaries?.store?.size_in_bytes ?? 0];
    expect(docs).toBe(COUNT);
    return bytes / docs;
  };
  const writeAll = async (reviews: readonly Parameters<typeof write>[1][number][]): Promise<void> => {
    for (let from = 0; from < reviews.length; from += 1000)
      await write(given().server, reviews.slice(from, from + 1000));
  };

  describe('a review on the disk', () => {
    beforeAll(() => removeAll(given().server));
    afterAll(() => removeAll(given().server));

    test('of 300 characters that hardly repeat takes less than is planned with', async () => {
      const random = generator(7);
      await writeAll(
        Array.from({ length: COUNT }, (_, n) =>
          review(`S-${n}`, {
            customer_id: `C${random(100_000)}`,
            created_at: new Date(Date.UTC(2026, 10, 1 + random(28), random(24), random(60), random(60))).toISOString(),
            text: { nl: textOf(random) },
          }),
        ),
      );
      const bytes = await bytesOfOne();
      process.stderr.write(`  ${bytes.toFixed(0)} bytes of one review of ${CHARACTERS} characters\n`);
      expect(bytes).toBeGreaterThan(CHARACTERS);
      expect(bytes).toBeLessThan(Number(inputs.BYTES));
      await removeAll(given().server);
    });

    test('of the samples takes a part of that, since their sentences repeat', async () => {
      await writeAll([...sampleReviews({ count: COUNT, until: '2026-11-28', days: 25 })]);
      const bytes = await bytesOfOne();
      process.stderr.write(`  ${bytes.toFixed(0)} bytes of one review of the samples\n`);
      expect(bytes).toBeLessThan(CHARACTERS);
    });
  });
}
