import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requests } from '../../runbooks/support/commands.ts';
import type { Server } from '../support/elasticsearch.ts';

/** A copy of it has no node. */
const INDEX = 'runbook-yellow';

/** What runbooks ask Elasticsearch itself, as the superuser. */
export function runbooksSuite(given: () => { server: Server }): void {
  describe('a real node answers what a runbook asks', () => {
    const ask = async (text: string): Promise<number> => {
      const [method = '', path = ''] = text.split(' ');
      const request = { method, path: `/${path}` };
      const { statusCode } = await given()
        .server.client()
        .transport.request(request, { meta: true, ignore: [400, 404, 405] });
      return statusCode ?? 0;
    };

    beforeAll(async () => {
      await given()
        .server.client()
        .indices.create({ index: INDEX, settings: { number_of_replicas: 1 }, wait_for_active_shards: 1 });
    });
    afterAll(async () => {
      await given().server.client().indices.delete({ index: INDEX });
    });

    test.each(requests.map(({ text }) => text))('%s', async (text) => {
      expect(await ask(text)).toBe(200);
    });

    test('and refuses what it does not know', async () => {
      expect(await ask('GET _cat/thread_pools')).not.toBe(200);
      expect(await ask('POST _cluster/reroute?retry=true')).not.toBe(200);
    });
  });
}
