// Leaving for good, while those that stay are no cluster.
import { expect } from '@jest/globals';
import { hasNoMaster, reasonsOfLeaving } from '../harness/agent.ts';
import { applyVariant, untilGreen } from '../harness/cluster.ts';
import { esJson } from '../harness/es.ts';
import { nodes } from '../harness/facts.ts';
import { elasticsearchPods, k } from '../harness/kube.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { expectKept, untilNothingLeftBehind, writeKept } from './support.ts';

const staying = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'];
const leaving = ['elasticsearch-3', 'elasticsearch-4'];

const leavingAndRunning = async (namespace: string): Promise<string[]> =>
  (await elasticsearchPods(namespace))
    .filter(({ name, phase }) => leaving.includes(name) && phase === 'Running')
    .map(({ name }) => name);

export const scalingHeldBack: Scenario = {
  name: 'scaling-held-back',
  does:
    'from five nodes to three while these three are down, so that no master is ' +
    'elected: nobody leaves, and says why, until they are back',
  set: 'full',
  lab: threeNodes,
  variant: { ...prod, replicas: 5 },
  minutes: 15,
  alerts: [
    'ElasticsearchDoesNotAnswer',
    'ElasticsearchNoMaster',
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
    { alert: 'ElasticsearchZoneLost', perhaps: 'three pods are away for about as long as the alert waits' },
  ],
  async run({ namespace }) {
    await writeKept(namespace, 2);
    const homes = (await elasticsearchPods(namespace)).flatMap(({ name, node }) =>
      staying.includes(name) && node !== undefined ? [node] : [],
    );
    for (const home of homes) await k(['cordon', home]);
    try {
      await k(['-n', namespace, 'delete', 'pod', ...staying, '--force', '--grace-period=0', '--wait=false']);
      await until('no master', { seconds: 60 }, () => hasNoMaster(namespace, 'elasticsearch-3'));
      say(`  ${staying.join(', ')} are down; now three nodes are wanted`);
      await applyVariant(prod);
      const why = await until('the reason to stay', { seconds: 60 }, async () =>
        (await reasonsOfLeaving(namespace)).find((reason) =>
          reason.startsWith('leaving for good: no master is elected'),
        ),
      );
      say(`  ${why}`);
      // Longer than a node waits for an answer, and then for giving up its vote, before it leaves without both.
      await pause(75);
      const now = await leavingAndRunning(namespace);
      if (now.length < leaving.length)
        throw new Error(`of ${leaving.join(' and ')}, only these have stayed: ${now.join() || 'none'}`);
    } finally {
      for (const home of homes) await k(['uncordon', home]);
    }
    await untilGreen(prod, 420);
    expect((await nodes(namespace)).map(({ name }) => name)).toEqual([
      'elasticsearch-0',
      'elasticsearch-1',
      'elasticsearch-2',
    ]);
    await expectKept(namespace);
    await esJson(namespace, 'DELETE', '/kept');
    await untilNothingLeftBehind(namespace);
  },
};
