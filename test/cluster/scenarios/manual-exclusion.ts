// An administrator keeps data away from a node that is wanted, while nodes restart, come and leave.
import { expect } from '@jest/globals';
import { applyVariant, deploy, untilGreen } from '../harness/cluster.ts';
import { esJson } from '../harness/es.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { changeTemplate } from './support.ts';

const SETTING = 'cluster.routing.allocation.exclude._name';
const EXCLUDED = 'elasticsearch-1';

type Flat = Readonly<Record<string, string | undefined>>;

const exclude = (namespace: string, name: string | null): Promise<unknown> =>
  esJson(namespace, 'PUT', '/_cluster/settings', { body: { persistent: { [SETTING]: name } } });

const excluded = async (namespace: string): Promise<string | undefined> =>
  (await esJson<{ persistent: Flat }>(namespace, 'GET', '/_cluster/settings?flat_settings=true')).persistent[SETTING];

const copiesOn = async (namespace: string, node: string): Promise<number> =>
  (await esJson<readonly { node: string | null }[]>(namespace, 'GET', '/_cat/shards?format=json&h=node')).filter(
    (copy) => copy.node === node,
  ).length;

const untilEmpty = (namespace: string): Promise<true> =>
  until(`no data on ${EXCLUDED}`, { seconds: 120 }, async () => (await copiesOn(namespace, EXCLUDED)) === 0);

export const manualExclusion: Scenario = {
  name: 'manual-exclusion',
  does:
    'an administrator has excluded a node that is wanted: it stays excluded and empty through a rolling restart and ' +
    'through scaling up and down, and no search fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 20,
  async run(bed) {
    const { namespace, variant } = bed;
    await exclude(namespace, EXCLUDED);
    try {
      await untilEmpty(namespace);
      const note = 'one of the nodes is excluded by an administrator';
      const restart = await underLoad(bed, { part: 'rolling restart', note }, async () => {
        await changeTemplate(namespace);
        say(`  every node restarted after ${await untilGreen(variant, 900)} s`);
      });
      expectPlanned(restart);
      expect(await excluded(namespace)).toBe(EXCLUDED);
      const scaled = await underLoad(bed, { part: '3 to 4 and back', note }, async () => {
        await deploy({ ...variant, replicas: 4 });
        expect(await copiesOn(namespace, EXCLUDED)).toBe(0);
        await applyVariant(variant);
        say(`  three nodes after ${await untilGreen(variant, 420, 120)} s`);
      });
      expectPlanned(scaled);
      // What the agents wrote beside it is gone; what they did not write stays.
      await until('only the exclusion of the administrator', { seconds: 120 }, async () => {
        const left = await excluded(namespace);
        return left === EXCLUDED;
      });
      expect(await copiesOn(namespace, EXCLUDED)).toBe(0);
    } finally {
      await exclude(namespace, null);
    }
    await untilGreen(variant, 120);
  },
};
