// A whole zone vanishes: two of six nodes, the elected master among them.
import { expect } from '@jest/globals';
import type { INode } from 'kubernetes-models/v1';
import { untilGreen } from '../harness/cluster.ts';
import { master } from '../harness/es.ts';
import { copiesThatShareAZone } from '../harness/facts.ts';
import { elasticsearchPods, getJson } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { noticed } from '../harness/noticed.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { expectAtMost, machineAway } from './support.ts';

const label = 'topology.kubernetes.io/zone';

export const zoneLoss: Scenario = {
  name: 'zone-loss',
  does:
    'a whole zone vanishes, the elected master in it: four of six nodes go ' +
    'on, and every shard is written again within 12 s',
  set: 'full',
  lab: { nodes: 6, zones: 3 },
  variant: { ...prod, replicas: 6 },
  labOnly: true,
  minutes: 20,
  alerts: machineAway,
  async run(bed) {
    const { namespace } = bed;
    expect(await copiesThatShareAZone(namespace)).toEqual([]);
    const zoneOf = new Map(
      (await getJson<{ items: INode[] }>(['nodes'])).items.map(({ metadata }) => [
        metadata?.name,
        metadata?.labels?.[label],
      ]),
    );
    const pods = await elasticsearchPods(namespace);
    const elected = await master(namespace);
    const zone = zoneOf.get(pods.find(({ name }) => name === elected)?.node);
    const lost = pods.filter(({ node }) => zoneOf.get(node) === zone);
    expect(lost.length).toBe(2);
    const bystander = pods.find(({ node }) => zoneOf.get(node) !== zone);
    const stayed = pods.filter((pod) => !lost.includes(pod));
    let seen = '';
    const measured = await underLoad(
      bed,
      { node: bystander?.node, note: () => `six nodes; the zone is back after 30 s; ${seen}` },
      async (load) => {
        say(`  ${zone ?? '?'} vanishes with ${lost.map(({ name }) => name).join(' and ')}`);
        const began = Date.now();
        await Promise.all(lost.map(({ node }) => crash(letterOf(node))));
        await pause(30);
        await until('writes without the lost zone', { seconds: 90 }, async () => load.flowing());
        seen = (await noticed(namespace, stayed, began)).words;
        await Promise.all(lost.map(({ node }) => startNode(letterOf(node))));
        await untilGreen(bed.variant, 420);
      },
    );
    expectNothingLost(measured);
    expect(measured.restarted).toEqual(lost.map(({ name }) => name));
    // Twice that of three nodes: six of them share the machine's two cores, and an election takes seconds.
    expectAtMost('longest write gap', measured.row.writeGapSeconds, 12, 40);
  },
};
