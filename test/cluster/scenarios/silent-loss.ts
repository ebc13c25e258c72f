// A node vanishes without a word: its link goes down, then everything on it dies. It comes back 30 s later with its
// disk.
import { expect } from '@jest/globals';
import { deploy, untilGreen } from '../harness/cluster.ts';
import { edited } from '../harness/edited.ts';
import { elasticsearchPods, logs, type Pod } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { noticed } from '../harness/noticed.ts';
import { baseSettings, type Variant } from '../harness/render.ts';
import { pause, say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { leftTheService } from '../harness/steady.ts';
import { givenUp } from '../harness/tcp-counters.ts';
import { expectNothingLost, type Measured, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import type { Declared } from '../watch/expected.ts';
import { electedMaster, expectAtMost, machineAway } from './support.ts';

export interface Lost extends Measured {
  /** How many masters were elected meanwhile. */
  readonly masters: number;
}

export const lose = async (bed: Bed, victim: Pod, bystander: Pod, part?: string): Promise<Lost> => {
  const node = letterOf(victim.node);
  let seen = '';
  let masters = 0;
  const measured = await underLoad(
    bed,
    {
      node: bystander.node,
      note: () => `the node is back after 30 s; ${seen}`,
      ...(part === undefined ? {} : { part }),
    },
    async (load) => {
      const stayed = (await elasticsearchPods(bed.namespace)).filter(({ name }) => name !== victim.name);
      say(`  node ${node} with ${victim.name} vanishes`);
      const closedBefore = givenUp(stayed);
      const began = Date.now();
      await crash(node);
      await pause(30);
      await until('writes without the lost node', { seconds: 90 }, async () => load.flowing());
      const closed = givenUp(stayed) - closedBefore;
      const found = await noticed(bed.namespace, stayed, began);
      masters = found.masters;
      seen = `${found.words}; the kernel closed ${closed} connections`;
      say(`  node ${node} starts again; ${seen}`);
      await startNode(node);
      await untilGreen(bed.variant, 300);
    },
  );
  expectNothingLost(measured);
  expect(measured.restarted).toEqual([victim.name]);
  // The same pod: its init containers ran once more, on what they had left.
  const now = (await elasticsearchPods(bed.namespace)).find(({ name }) => name === victim.name);
  expect(now?.uid).toBe(victim.uid);
  expect(await logs(bed.namespace, victim.name, 'prepare')).toContain('joining the existing cluster');
  return { ...measured, masters };
};

const common = { lab: threeNodes, variant: prod, labOnly: true, minutes: 12, alerts: machineAway } as const;

export const silentLossOfMaster: Scenario = {
  ...common,
  name: 'silent-loss-of-master',
  does: "the elected master's node vanishes: every shard is written again within 6 s, after one election",
  set: 'full',
  async run(bed) {
    const { master, others } = await electedMaster(bed.namespace);
    const measured = await lose(bed, master, others[0]);
    expectAtMost('longest write gap', measured.row.writeGapSeconds, 6, 40);
    expect(measured.masters).toBe(1);
    // The election has not emptied the Service.
    const [gone] = leftTheService(others, await elasticsearchPods(bed.namespace));
    if (gone !== undefined) throw new Error(`${gone} was taken out of the Service by an election`);
  },
};

export const silentLoss: Scenario = {
  ...common,
  name: 'silent-loss',
  does: 'a node that is not the master vanishes: every shard is written again within 5 s',
  set: 'full',
  async run(bed) {
    const { others } = await electedMaster(bed.namespace);
    const measured = await lose(bed, others[1], others[0]);
    expectAtMost('longest write gap', measured.row.writeGapSeconds, 5, 40);
  },
};

const ours =
  /^(discovery\.seed_resolver\.timeout|cluster\.(fault_detection\..*|publish\.timeout)|transport\.tcp\.keep_.*):.*\n/gm;
const withoutOurs = edited(baseSettings(), ours, '');

/** As if none of our settings for silent losses had been made, name lookups of the pods included. */
const defaults: Variant = {
  ...prod,
  elasticsearchYml: withoutOurs,
  patches: [{ spec: { template: { spec: { dnsConfig: null } } } }],
};

/** What else brings it near: checks by Elasticsearch, short enough. */
const shortChecks: Variant = {
  ...prod,
  elasticsearchYml: [
    withoutOurs.trimEnd(),
    'discovery.seed_resolver.timeout: 500ms',
    ...['leader', 'follower'].flatMap((who) => [
      `cluster.fault_detection.${who}_check.timeout: 1s`,
      `cluster.fault_detection.${who}_check.interval: 250ms`,
    ]),
    'cluster.publish.timeout: 4500ms',
    '',
  ].join('\n'),
};

const patient: Variant = { ...prod, components: ['patient-fault-detection'] };

const compared = (
  name: string,
  does: string,
  variant: Variant,
  limit: number | undefined,
  alerts: Declared = machineAway,
): Scenario => ({
  ...common,
  name,
  does,
  set: 'full',
  variant,
  alerts,
  empty: true,
  async run(bed) {
    await deploy(variant);
    const { master, others } = await electedMaster(bed.namespace);
    const measured = await lose(bed, master, others[0]);
    if (limit !== undefined) expectAtMost('longest write gap', measured.row.writeGapSeconds, limit, 40);
  },
});

export const silentLossWithDefaults = compared(
  'silent-loss-with-defaults',
  "the same with Elasticsearch's default fault detection: what the settings buy",
  defaults,
  undefined,
  ['ElasticsearchNoMaster', 'ElasticsearchDoesNotAnswer', 'ElasticsearchNodesMissing', 'ElasticsearchZoneLost'].map(
    (alert) => ({
      alert,
      perhaps: 'elections fail for as long as it takes',
    }),
  ),
);

export const silentLossWithShortChecks = compared(
  'silent-loss-with-short-checks',
  'the same without keepalive, with checks of 1 s, a quarter of a second apart, and a publication that waits 4.5 s: ' +
    'within 12 s',
  shortChecks,
  12,
);

export const silentLossPatient = compared(
  'silent-loss-patient',
  'the same with components/patient-fault-detection: within 45 s',
  patient,
  45,
  [
    ...machineAway,
    { alert: 'ElasticsearchDoesNotAnswer', perhaps: 'the master is missed for longer than the alert waits' },
  ],
);
