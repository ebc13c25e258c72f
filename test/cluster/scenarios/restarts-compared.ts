// What an agent costs, or saves, at a restart.
import { expect } from '@jest/globals';
import { deploy } from '../harness/cluster.ts';
import { es, master } from '../harness/es.ts';
import { elasticsearchPods, k, type Pod } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { deployPrevious, mix, newest, scripts, untilSettled } from './previous.ts';
import { untilNothingLeftBehind } from './support.ts';

const oldest = 'elasticsearch-0';
const middle = 'elasticsearch-1';
const pairs = 4;

/** Seconds from the deletion until the new pod is ready; then the cluster is waited for, which is not counted. */
const restart = async (namespace: string, name: string): Promise<number> => {
  const find = async (): Promise<Pod | undefined> =>
    (await elasticsearchPods(namespace)).find((pod) => pod.name === name);
  const before = await find();
  const began = Date.now();
  await k(['-n', namespace, 'delete', 'pod', name, '--wait=false']);
  await until(`${name} ready again`, { seconds: 300, every: 0.5 }, async () => {
    const now = await find();
    return now !== undefined && now.uid !== before?.uid && now.ready && !now.leaving;
  });
  const seconds = Math.round((Date.now() - began) / 1000);
  await untilSettled(namespace, 'all ready', () => true);
  return seconds;
};

/** An elected master hands over before it stops, so neither of the two that are compared may be it. */
const electOldest = async (namespace: string): Promise<void> => {
  const path = '/_cluster/voting_config_exclusions';
  expect((await es(namespace, 'POST', `${path}?node_names=${middle},${newest}`, { seconds: 60 })).status).toBe(200);
  await until(`${oldest} elected`, { seconds: 60 }, async () => (await master(namespace)) === oldest);
  expect((await es(namespace, 'DELETE', `${path}?wait_for_removal=false`)).status).toBe(200);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

export const restartsCompared: Scenario = {
  name: 'restarts-compared',
  does:
    `${pairs} times in turn, a node with the hooks of the version before and one with an agent are restarted, in one ` +
    'cluster and under load: the agent makes no restart slower',
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
    await deployPrevious(bed);
    await mix(bed);
    await electOldest(namespace);
    const [hooks, agent]: [number[], number[]] = [[], []];
    const measured = await underLoad(
      bed,
      { note: () => `hooks ${hooks.join(', ')} s; agent ${agent.join(', ')} s` },
      async () => {
        for (let pair = 0; pair < pairs; pair += 1) {
          // Each is the first one in half of the pairs: what else the machine does may grow meanwhile.
          if (pair % 2 === 0) hooks.push(await restart(namespace, middle));
          agent.push(await restart(namespace, newest));
          if (pair % 2 === 1) hooks.push(await restart(namespace, middle));
        }
      },
    );
    expectPlanned(measured);
    // Single restarts differ by a tenth on a busy machine.
    expect(sum(agent)).toBeLessThanOrEqual(1.1 * sum(hooks));
    await deploy(bed.variant, 900);
    await untilNothingLeftBehind(namespace);
    await k(['-n', namespace, 'delete', 'configmap', scripts]);
  },
};
