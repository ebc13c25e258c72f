// The elected master's node vanishes while the cluster has as much to do as it can.
import { bulkBundle } from '../harness/bundle.ts';
import { startClient, stopClient } from '../harness/client-pod.ts';
import { es, esJson } from '../harness/es.ts';
import { logs } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { lose } from './silent-loss.ts';
import { electedMaster, expectAtMost, machineAway, newIndex } from './support.ts';

const name = 'bulk';
const large = 'large';

const copying = async (namespace: string): Promise<boolean> => {
  const found = await esJson<Record<string, unknown>>(namespace, 'GET', `/${large}/_recovery?active_only=true`);
  return Object.keys(found).length > 0;
};

export const silentLossInWork: Scenario = {
  name: 'silent-loss-in-work',
  does:
    "the elected master's node vanishes while others write in bulk and copies of 90 MB are made, slowly: every shard " +
    'is written again within 8 s',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 15,
  alerts: [...machineAway, { alert: 'ElasticsearchYellow', perhaps: 'copies are made slowly, on purpose' }],
  async run(bed) {
    const { namespace } = bed;
    const { master, others } = await electedMaster(namespace);
    try {
      await newIndex(namespace, name, { shards: 3, replicas: 1 });
      await startClient({
        namespace,
        name,
        node: others[0].node,
        command: ['node', '/opt/client/bulk.cjs'],
        files: { 'bulk.cjs': bulkBundle() },
      });
      await until('the writing in bulk', { seconds: 240 }, async () =>
        (await logs(namespace, name, 'client')).includes('"kind":"bulk"'),
      );
      // 30 MB a shard at that speed: for half a minute, and more, copies are being made.
      const settings = { persistent: { 'indices.recovery.max_bytes_per_sec': '2mb' } };
      await esJson(namespace, 'PUT', '/_cluster/settings', { body: settings });
      await esJson(namespace, 'PUT', `/${large}/_settings`, { body: { 'index.number_of_replicas': 1 } });
      await until('a recovery', { seconds: 30 }, () => copying(namespace));
      say('  writes in bulk, and a recovery that goes on');
      const measured = await lose(bed, master, others[0]);
      expectAtMost('longest write gap', measured.row.writeGapSeconds, 8, 60);
    } finally {
      await stopClient(namespace, name);
      const reset = { persistent: { 'indices.recovery.max_bytes_per_sec': null } };
      await es(namespace, 'PUT', '/_cluster/settings', { body: reset });
      await es(namespace, 'DELETE', `/${name},${large}?ignore_unavailable=true`);
    }
  },
};
