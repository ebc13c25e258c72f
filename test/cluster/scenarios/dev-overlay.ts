// The overlay for a laptop.
import { expect } from '@jest/globals';
import { Client } from '../harness/client.ts';
import { deploy } from '../harness/cluster.ts';
import { nodes } from '../harness/facts.ts';
import { say } from '../harness/say.ts';
import { dev, type Scenario, threeNodes } from '../harness/scenario.ts';

export const devOverlay: Scenario = {
  name: 'dev-overlay',
  does: 'the dev overlay turns green with one node, and answers its clients',
  set: 'ci',
  lab: threeNodes,
  variant: dev,
  empty: true,
  minutes: 8,
  async run({ namespace, variant }) {
    say(`  green after ${await deploy(variant)} s`);
    expect((await nodes(namespace)).map(({ name }) => name)).toEqual(['elasticsearch-0']);
    const client = await Client.start(namespace, 'client');
    try {
      expect((await client.send({ path: '/_cluster/health' })).status).toBe(200);
    } finally {
      await client.stop();
    }
  },
};
