// All nodes go down at once, the client's too, and come back with their disks.
import { expect } from '@jest/globals';
import { restartedSince, untilGreen } from '../harness/cluster.ts';
import { term } from '../harness/es.ts';
import { clusterUuid } from '../harness/facts.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { crash, type NodeLetter, startNode } from '../harness/lab.ts';
import { Load } from '../harness/load.ts';
import { unmeasured } from '../harness/row.ts';
import { pause, say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';

export const powerLoss: Scenario = {
  name: 'power-loss',
  does: 'all nodes lose power at once: the same cluster is green again, and every acknowledged write is there',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 12,
  alerts: [
    'ElasticsearchDoesNotAnswer',
    { alert: 'ElasticsearchNoMaster', perhaps: 'the agents begin anew, and with them what they count' },
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
  ],
  async run({ namespace, variant, scenario, record }) {
    const uuid = await clusterUuid(namespace);
    const electionsBefore = await term(namespace);
    const before = await elasticsearchPods(namespace);
    const load = await Load.start({ namespace });
    try {
      await pause(10);
      const letters: NodeLetter[] = ['a', 'b', 'c'];
      await Promise.all(letters.map(crash));
      const acknowledged = load.acknowledged();
      const began = Date.now();
      say(`  all nodes are down after ${acknowledged} acknowledged writes`);
      await pause(10);
      await Promise.all(letters.map(startNode));
      await untilGreen(variant, 420);
      const greenAfterSeconds = secondsSince(began);
      const lost = await load.verifyAfterCrash();
      const restarted = restartedSince(before, await elasticsearchPods(namespace)).length;
      const note = 'power is back after 10 s; the client lost its node too, so nobody measured gaps';
      record({
        scenario,
        acknowledged,
        lost: lost.length,
        ...unmeasured,
        greenAfterSeconds,
        elections: (await term(namespace)) - electionsBefore,
        restarted,
        note,
      });
      expect(lost).toEqual([]);
      expect(await clusterUuid(namespace)).toBe(uuid);
    } finally {
      await load.remove();
    }
  },
};
