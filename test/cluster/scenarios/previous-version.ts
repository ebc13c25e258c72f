// A cluster of the version before is rolled to this one.
import { expect } from '@jest/globals';
import { reasonsOfLeaving } from '../harness/agent.ts';
import { deploy } from '../harness/cluster.ts';
import { clusterUuid } from '../harness/facts.ts';
import { elasticsearchPods, k, type Pod } from '../harness/kube.ts';
import type { Load } from '../harness/load.ts';
import { say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { deployPrevious, hasAgent, mix, newest, scripts, untilSettled } from './previous.ts';
import { expectOneAwayAtMost, fewestNodes, untilNothingLeftBehind } from './support.ts';

const oldest = 'elasticsearch-0';

const roll = async (bed: Bed, load: Load): Promise<void> => {
  const { namespace, variant } = bed;
  await mix(bed);

  say(`  ${oldest} with the old hook and ${newest} with an agent are deleted at once`);
  const before = await elasticsearchPods(namespace);
  await k(['-n', namespace, 'delete', 'pod', oldest, newest, '--wait=false']);
  const why = await until('one that waits', { seconds: 60 }, async () =>
    (await reasonsOfLeaving(namespace)).find((reason) => reason.startsWith('waiting: ')),
  );
  say(`  ${why}`);
  const isNew = (pods: readonly Pod[]): boolean =>
    [oldest, newest].every((name) => !before.some(({ uid }) => uid === pods.find((pod) => pod.name === name)?.uid));
  expect(await untilSettled(namespace, 'both back', isNew)).toEqual([false, false, true]);
  expectOneAwayAtMost(fewestNodes(load));

  say(`  all of this version after ${await deploy(variant, 900)} s`);
};

export const previousVersion: Scenario = {
  name: 'previous-version',
  does:
    'a cluster of the version before, without agents, is rolled to this one under load: nothing is lost, no search ' +
    'fails, and old hooks and new agents take turns',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  empty: true,
  minutes: 25,
  // The version before has none.
  alerts: [
    'ElasticsearchAgentsNotHeard',
    { alert: 'ElasticsearchYellow', perhaps: 'a node without an agent tells nobody that it restarts' },
  ],
  async run(bed) {
    const { namespace } = bed;
    say(`  the version before is green after ${await deployPrevious(bed)} s`);
    const before = await elasticsearchPods(namespace);
    expect(before.map(hasAgent)).toEqual([false, false, false]);
    const uuid = await clusterUuid(namespace);
    let fewest = 0;
    const measured = await underLoad(
      bed,
      { note: 'on the way an old and a new one are deleted at once' },
      async (load) => {
        await roll(bed, load);
        fewest = fewestNodes(load);
      },
    );
    expectPlanned(measured);
    expectOneAwayAtMost(fewest);
    const now = await elasticsearchPods(namespace);
    expect(now.map(hasAgent)).toEqual([true, true, true]);
    expect(measured.restarted).toEqual(before.map(({ name }) => name));
    expect(await clusterUuid(namespace)).toBe(uuid);
    await untilNothingLeftBehind(namespace);
    await k(['-n', namespace, 'delete', 'configmap', scripts]);
  },
};
