// A real Prometheus as it runs beside the cluster suite: it finds its targets at an API server, by an account that may
// only list pods, and its alerts are judged as those of a scenario are.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { wrongIn } from '../cluster/watch/expected.ts';
import { prometheusProgram } from '../cluster/watch/prometheus.ts';
import { Watch } from '../cluster/watch/watch.ts';
import { besideApiServer } from '../support/beside-api-server.ts';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { ClusterOfOne, NAMESPACE } from './support/cluster-of-one.ts';
import { exporterProgram } from './support/exporter.ts';

jest.setTimeout(240_000);

/** A minute of the rules is four seconds here. */
const factor = 15;
const SOON = 120;

besideApiServer('Prometheus beside an exporter and an agent', [elasticsearch], (api) => {
  let cluster: ClusterOfOne | undefined;
  let watch: Watch;
  const there = (): ClusterOfOne => {
    if (cluster === undefined) throw new Error('there is no cluster');
    return cluster;
  };

  beforeAll(async () => {
    // What is not in the cache is built here, and in no test.
    for (const build of [prometheusProgram, exporterProgram]) await build();
    cluster = await ClusterOfOne.start(api());
    watch = await Watch.begin({ namespace: NAMESPACE, account: cluster.account, factor });
  }, 2_400_000);
  afterAll(async () => {
    await watch?.stop();
    await cluster?.stop();
  });

  test('hears exporter, cluster and agent, and nothing fires', async () => {
    await watch.untilHeard();
    const seen = await watch.seen([]);
    expect({ ...seen, log: watch.log }).toEqual({ fired: [], still: [], log: '' });
    expect(wrongIn(seen, ['ElasticsearchRed'])).toEqual(['ElasticsearchRed did not fire']);
  });

  test('a failure fires its alert and no other, which clears, and is not forgotten', async () => {
    const index = 'nowhere';
    const settings = {
      number_of_replicas: 0,
      'index.routing.allocation.require._name': 'nobody',
    };
    await there().client.indices.create({ index, settings, wait_for_active_shards: 0 });
    await watch.untilFires('ElasticsearchRed', SOON);
    expect(await watch.firingNow()).toEqual(['ElasticsearchRed']);
    // It goes on firing for as long as the failure lasts.
    expect(await watch.seen(['ElasticsearchRed'])).toEqual({
      fired: ['ElasticsearchRed'],
      still: ['ElasticsearchRed'],
    });
    await there().client.indices.delete({ index });
    await watch.untilClears('ElasticsearchRed');
    const seen = await watch.seen([]);
    expect(wrongIn(seen, ['ElasticsearchRed'])).toEqual([]);
    expect(wrongIn(seen)).toEqual(['ElasticsearchRed fired, which is not declared']);
  });

  test('of another namespace it hears nothing, and says so', async () => {
    const elsewhere = await Watch.begin({ namespace: 'monitoring', account: there().account, factor });
    try {
      await expect(elsewhere.untilHeard(5)).rejects.toThrow('"lacking":["exporter","cluster","wanted nodes","agents"]');
      expect(elsewhere.log).toContain('is forbidden');
    } finally {
      await elsewhere.stop();
    }
  });

  test('its account lists pods of the namespace, and reads nothing else', async () => {
    const { token } = there().account;
    const asked = ['pods', 'secrets', 'configmaps', 'pods/elasticsearch-0', 'pods/elasticsearch-0/log'];
    const answers = await Promise.all(
      asked.map(async (what) => (await api().send({ path: `namespaces/${NAMESPACE}/${what}`, token })).status),
    );
    expect(answers).toEqual([200, 403, 403, 403, 403]);
    expect((await api().send({ path: 'pods', token })).status).toBe(403);
  });
});
