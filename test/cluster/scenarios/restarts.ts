// Restarts that Kubernetes does not hold apart: two pods deleted at once, and a roll-out that goes on although a lower
// pod is broken.
import { expect } from '@jest/globals';
import { reasonsOfLeaving } from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { es, health } from '../harness/es.ts';
import { elasticsearchPods, k } from '../harness/kube.ts';
import { pause, say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, type Measured, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { changeTemplate, expectOneAwayAtMost, fewestNodes, newIndex, untilNothingLeftBehind } from './support.ts';

export const twoRestarts: Scenario = {
  name: 'two-restarts',
  does: 'two pods are deleted at once: the second one waits until the first is back',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 12,
  async run(bed) {
    const { namespace } = bed;
    let fewest = 0;
    let waited = false;
    // an index that may not be asked for figures, which must not hide the others from the hooks
    const blocked = 'index.blocks.metadata';
    await newIndex(namespace, 'blocked', { replicas: 1, settings: { [blocked]: true } });
    let measured: Measured;
    try {
      measured = await underLoad(bed, {}, async (load) => {
        await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-1', 'elasticsearch-2', '--wait=false']);
        await pause(5);
        waited = await until('one that waits', { seconds: 60 }, async () =>
          (await reasonsOfLeaving(namespace)).some((reason) => reason.startsWith('waiting: ')),
        ).catch(() => false);
        await untilGreen(bed.variant, 420);
        fewest = fewestNodes(load);
      });
    } finally {
      // it cannot be deleted before
      await es(namespace, 'PUT', '/blocked/_settings', { body: { [blocked]: false } });
      await es(namespace, 'DELETE', '/blocked');
    }
    expectPlanned(measured);
    expect(waited).toBe(true);
    expect(measured.restarted).toEqual(['elasticsearch-1', 'elasticsearch-2']);
    expectOneAwayAtMost(fewest);
    await untilNothingLeftBehind(namespace);
  },
};

const brokenRollOut = async (bed: Bed): Promise<void> => {
  const { namespace } = bed;
  const [first] = await elasticsearchPods(namespace);
  if (first?.node === undefined) throw new Error('elasticsearch-0 runs nowhere');
  const home = first.node;
  const client = (await elasticsearchPods(namespace))[1]?.node;
  let fewest = 0;
  const measured = await underLoad(
    bed,
    { node: client, note: 'elasticsearch-0 cannot start for 100 s' },
    async (load) => {
      await k(['cordon', home]);
      // Without its farewell, so that it holds no turn: the others judge by the cluster alone.
      await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-0', '--force', '--grace-period=0']);
      await until('a cluster without it', { seconds: 60 }, async () => (await health(namespace)).number_of_nodes === 2);
      say('  elasticsearch-0 cannot start: its node is cordoned; now the template changes');
      await changeTemplate(namespace);
      // For the first minute shards lack a copy. Then these are made elsewhere, and only the quorum forbids the next
      // step.
      await pause(100);
      if (!load.flowing()) throw new Error('the roll-out went on past elasticsearch-0 and took the quorum');
      fewest = fewestNodes(load);
      await k(['uncordon', home]);
      await untilGreen(bed.variant, 600);
    },
  );
  expectOneAwayAtMost(fewest);
  expectPlanned(measured);
  await untilNothingLeftBehind(namespace);
};

const brokenWith = (gate: 'off' | 'on'): Scenario => ({
  name: `broken-roll-out-gate-${gate}`,
  does: `a roll-out does not go on past a broken lower pod (kubernetes#96218), with MaxUnavailableStatefulSet ${gate}`,
  set: 'full',
  lab: { nodes: 3, featureGates: `MaxUnavailableStatefulSet=${gate === 'on'}` },
  variant: prod,
  labOnly: true,
  minutes: 20,
  alerts: [
    'ElasticsearchNodesMissing',
    { alert: 'ElasticsearchZoneLost', perhaps: 'the pod is away for about as long as the alert waits' },
  ],
  run: brokenRollOut,
});

export const brokenRollOutGateOff = brokenWith('off');
export const brokenRollOutGateOn = brokenWith('on');
