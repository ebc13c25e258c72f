// Where a node learns its zone from, and what it does when nobody can tell.
import { expect } from '@jest/globals';
import { deploy } from '../harness/cluster.ts';
import { copiesThatShareAZone, nodes } from '../harness/facts.ts';
import { elasticsearchPods, k, logs } from '../harness/kube.ts';
import { dev, prod, type Scenario, threeNodes } from '../harness/scenario.ts';

const label = 'topology.kubernetes.io/zone';

export const noPodLabels: Scenario = {
  name: 'zones-without-pod-labels',
  does:
    'where Kubernetes does not copy the zone to its pods (before 1.35), the nodes look it up, with ' +
    'components/zone-lookup',
  set: 'full',
  lab: { nodes: 3, featureGates: 'PodTopologyLabelsAdmission=false' },
  variant: { ...prod, components: ['zone-lookup'] },
  empty: true,
  labOnly: true,
  minutes: 10,
  async run({ namespace, variant }) {
    await deploy(variant);
    const pods = await elasticsearchPods(namespace);
    expect(pods.map(({ raw }) => raw.metadata?.labels?.[label])).toEqual([undefined, undefined, undefined]);
    const zoneOf = new Map(pods.map(({ name, node }) => [name, node?.replace('node-', 'zone-')]));
    expect((await nodes(namespace)).map(({ name, attributes }) => [name, attributes['zone']])).toEqual([...zoneOf]);
    expect(await copiesThatShareAZone(namespace)).toEqual([]);
  },
};

export const noZoneLabel: Scenario = {
  name: 'zones-without-label',
  does: 'where Kubernetes nodes have no zone, a node says so and starts all the same',
  set: 'full',
  lab: threeNodes,
  variant: dev,
  empty: true,
  labOnly: true,
  minutes: 10,
  async run({ namespace, variant }) {
    const all = ['node-a', 'node-b', 'node-c'];
    for (const node of all) await k(['label', 'node', node, `${label}-`]);
    try {
      await deploy(variant);
      expect(await logs(namespace, 'elasticsearch-0', 'prepare')).toMatch(/WARNING: .*zone/);
      expect((await nodes(namespace)).map(({ attributes }) => attributes['zone'])).toEqual(['unknown']);
    } finally {
      for (const node of all) await k(['label', 'node', node, `${label}=${node.replace('node-', 'zone-')}`]);
    }
  },
};
