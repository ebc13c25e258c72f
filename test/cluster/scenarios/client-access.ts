// What a client in the namespace gets, and what nobody gets.
import { expect } from '@jest/globals';
import { Client } from '../harness/client.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { until } from '../harness/until.ts';
import { prod, threeNodes, type Scenario } from '../harness/scenario.ts';

interface Found {
  readonly hits: { readonly total: { readonly value: number } };
}

const noConnection: unknown = expect.stringMatching(/ABORT|TIMEDOUT|ECONNREFUSED|EHOSTUNREACH/i);

export const clientAccess: Scenario = {
  name: 'client-access',
  does: 'a document indexed through the Service is found from another pod; plain HTTP is refused, no credentials get 401, a pod without the label of clients gets no connection',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 5,
  async run({ namespace }) {
    const writer = await Client.start(namespace, 'client-writer');
    const reader = await Client.start(namespace, 'client-reader');
    const stranger = await Client.start(namespace, 'stranger', { stranger: true });
    try {
      const document = { text: 'The courier left my parcel with a neighbour' };
      expect((await writer.send({ method: 'PUT', path: '/client-access/_doc/1', body: document })).status).toBe(201);
      const query = { query: { match: { text: 'parcel' } } };
      await until('the document found', { seconds: 15 }, async () => {
        const { status, body = '{}' } = await reader.send({ method: 'POST', path: '/client-access/_search', body: query });
        return status === 200 && (JSON.parse(body) as Found).hits.total.value === 1;
      });
      expect(await reader.send({ path: '/_cluster/health', as: 'nobody' })).toMatchObject({ status: 401 });
      expect(await reader.send({ path: '/_cluster/health', over: 'http' })).toEqual({ error: expect.stringMatching(/ECONNRESET|socket hang up|HPE_/) });
      const [node] = await elasticsearchPods(namespace);
      const host = node?.ip ?? '';
      expect(await stranger.send({ path: '/' })).toEqual({ error: noConnection });
      for (const port of [9200, 9300]) expect(await stranger.send({ path: '/', host, port })).toEqual({ error: noConnection });
      // Clients have no business with the port of the nodes.
      expect(await reader.send({ path: '/', host, port: 9300 })).toEqual({ error: noConnection });
    } finally {
      await writer.send({ method: 'DELETE', path: '/client-access' });
      await writer.stop();
      await reader.stop();
      await stranger.stop();
    }
  },
};
