// A node that must wait, and leaves when its time is over although something is lost by it.
import { untilGreen } from '../harness/cluster.ts';
import { es } from '../harness/es.ts';
import { k } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { newIndex } from './support.ts';

const victim = 'elasticsearch-2';
/** Seconds that a restart may wait for the others, instead of half an hour: the alert speaks after half of them. */
const SPARE = 60;

const env = [{ name: 'PRE_STOP_SPARE_SECONDS', value: String(SPARE) }];

export const alertsOfAWait: Scenario = {
  name: 'alerts-node-waits',
  does:
    'a node that holds the only copy of a shard is restarted: that it waits is told when half of its time is over, ' +
    'and that it left anyway',
  set: 'full',
  lab: threeNodes,
  variant: { ...prod, patches: [{ spec: { template: { spec: { initContainers: [{ name: 'agent', env }] } } } }] },
  minutes: 12,
  alerts: [
    'ElasticsearchNodeWaits',
    'ElasticsearchRed',
    {
      alert: 'ElasticsearchNodeLeftAnyway',
      perhaps: 'the agent ends seconds after it has counted that, maybe before it is read again',
      stays: 'it looks an hour back, here ten minutes',
    },
  ],
  async run({ namespace, variant, alerts }) {
    const only = { 'index.routing.allocation.include._name': victim };
    await newIndex(namespace, 'only-copy', { replicas: 1, settings: only });
    try {
      await k(['-n', namespace, 'delete', 'pod', victim, '--wait=false']);
      await alerts.untilFires('ElasticsearchNodeWaits', 2 * SPARE);
      // It has left when its time was over, and what only it has is gone with it.
      await alerts.untilFires('ElasticsearchRed', 2 * SPARE + 60);
      await until('its shard back', { seconds: 240 }, async () => {
        const { status, body } = await es(namespace, 'GET', '/_cluster/health/only-copy');
        return status === 200 && !body.includes('"red"');
      });
    } finally {
      await es(namespace, 'DELETE', '/only-copy');
    }
    await untilGreen(variant, 240);
  },
};
