// Everything applied at once to an empty namespace.
import { expect } from '@jest/globals';
import { agentRestarts } from '../harness/agent.ts';
import { deploy } from '../harness/cluster.ts';
import { clean, clusterUuid, copiesThatShareAZone, litter, marker, nodes } from '../harness/facts.ts';
import { elasticsearchPods, exec } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

export const firstStart: Scenario = {
  name: 'first-start',
  does: 'the prod overlay turns green on three nodes in three zones, as one cluster of equal nodes',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  empty: true,
  minutes: 10,
  async run({ namespace, variant, tried }) {
    say(`  green after ${await deploy(variant)} s`);
    const members = await nodes(namespace);
    expect(members.map(({ name }) => name)).toEqual(['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2']);
    expect(new Set(members.map(({ roles }) => [...roles].sort().join())).size).toBe(1);
    expect(new Set(members.map(({ attributes }) => attributes['zone'])).size).toBe(3);

    const pods = await elasticsearchPods(namespace);
    expect(new Set(pods.map(({ node }) => node)).size).toBe(3);
    expect(pods.map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
    expect(agentRestarts(pods)).toEqual([0, 0, 0]);
    const uuids = await Promise.all(pods.map(({ name }) => clusterUuid(namespace, name)));
    expect(new Set(uuids).size).toBe(1);
    expect(await marker(namespace)).toBe(uuids[0]);
    expect(await copiesThatShareAZone(namespace)).toEqual([]);
    // Whoever takes over a node finds nothing there that the API server takes; only its agent asks it.
    for (const { name } of pods) {
      const token = await exec(namespace, name, ['ls', '/var/run/secrets/kubernetes.io/serviceaccount']);
      expect({ code: token.code, found: token.stdout }).toEqual({ code: 2, found: '' });
    }
    tried("a process in Elasticsearch's container, for a token of the API server", 'there is none');
    await until(
      'nothing left behind',
      { seconds: 60, every: 3 },
      async () => JSON.stringify(await litter(namespace)) === JSON.stringify(clean),
    );
  },
};
