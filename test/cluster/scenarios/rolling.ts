// Planned changes of all nodes, one after the other.
import { expect } from '@jest/globals';
import { deploy, untilGreen } from '../harness/cluster.ts';
import { esJson } from '../harness/es.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { changeTemplate, expectAtMost, untilNothingLeftBehind } from './support.ts';

const all = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'];
const rollSeconds = 600;

/** A setting of no consequence. */
const setting = 'indices.recovery.max_bytes_per_sec';
const changed = { ...prod, settings: `${setting}: 41mb\n` };

const settingOfNodes = async (namespace: string): Promise<unknown[]> => {
  // A filter for the setting itself would take its dots for steps.
  const path = '/_nodes/_all/settings?flat_settings=true&filter_path=nodes.*.settings';
  const { nodes = {} } = await esJson<{ nodes?: Record<string, { settings: Record<string, string> }> }>(
    namespace,
    'GET',
    path,
  );
  return Object.values(nodes).map(({ settings }) => settings[setting]);
};

const common = { lab: threeNodes, variant: prod, minutes: 25 } as const;

export const rollingRestart: Scenario = {
  ...common,
  name: 'rolling-restart',
  does: 'a changed pod template restarts all nodes, one after the other, without an error',
  set: 'full',
  async run(bed) {
    const measured = await underLoad(bed, {}, async () => {
      await changeTemplate(bed.namespace);
      say(`  restarted after ${await untilGreen(bed.variant, rollSeconds)} s`);
    });
    expectPlanned(measured);
    expect(measured.restarted).toEqual(all);
    expectAtMost('longest write gap', measured.row.writeGapSeconds, 3, 20);
    await untilNothingLeftBehind(bed.namespace);
  },
};

export const configurationChange: Scenario = {
  ...common,
  name: 'configuration-change',
  does: 'a changed setting, and then the way back, reach all nodes one after the other, without an error',
  set: 'full',
  async run(bed) {
    const there = await underLoad(bed, { part: 'there' }, async () => {
      say(`  changed after ${await deploy(changed, rollSeconds)} s`);
    });
    expectPlanned(there);
    expect(there.restarted).toEqual(all);
    expect(await settingOfNodes(bed.namespace)).toEqual(['41mb', '41mb', '41mb']);

    const back = await underLoad(bed, { part: 'and back' }, async () => {
      say(`  changed back after ${await deploy(bed.variant, rollSeconds)} s`);
    });
    expectPlanned(back);
    expect(back.restarted).toEqual(all);
    // Each of them restarted the master once.
    expectAtMost('longest write gap there', there.row.writeGapSeconds, 3, 20);
    expectAtMost('longest write gap back', back.row.writeGapSeconds, 3, 20);
    await untilNothingLeftBehind(bed.namespace);
  },
};

export const changedTwice: Scenario = {
  ...common,
  name: 'changed-twice',
  does: 'the template is changed again while the first change still rolls: no step is taken too early',
  set: 'full',
  async run(bed) {
    const measured = await underLoad(bed, {}, async () => {
      const before = await elasticsearchPods(bed.namespace);
      await changeTemplate(bed.namespace);
      await until('the first change on its second pod', { seconds: 300 }, async () => {
        const now = await elasticsearchPods(bed.namespace);
        return (
          before.filter(({ uid }) => !now.some((pod) => pod.uid === uid)).length >= 1 &&
          now.some(({ leaving }) => leaving)
        );
      });
      say('  the template is changed again');
      await changeTemplate(bed.namespace);
      await untilGreen(bed.variant, rollSeconds);
    });
    expectPlanned(measured);
    await untilNothingLeftBehind(bed.namespace);
  },
};
