// Disks that are gone for good, and what must not come of it.
import { expect } from '@jest/globals';
import { undeploy, untilGreen } from '../harness/cluster.ts';
import { es } from '../harness/es.ts';
import { clusterUuid, marker } from '../harness/facts.ts';
import { elasticsearchPods, k, logs, type Pod, pod } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

const claim = (name: string): string => `data-${name}`;

/** As if the disks had died: the pods go at once, their claims with them. */
const loseDisks = async (namespace: string, pods: readonly string[]): Promise<void> => {
  await k(['-n', namespace, 'delete', 'pvc', ...pods.map(claim), '--wait=false']);
  await k(['-n', namespace, 'delete', 'pod', ...pods, '--force', '--grace-period=0', '--wait=false']);
};

/** What the new pod says when it has prepared its start. */
const prepared = (namespace: string, old: Pod): Promise<string> =>
  until(`${old.name} prepared on an empty disk`, { seconds: 180, every: 3 }, async () => {
    if ((await pod(namespace, old.name)).uid === old.uid) return undefined;
    const said = await logs(namespace, old.name, 'prepare');
    return said.includes(`prepare: ${old.name} in zone`) ? said : undefined;
  });

const MAJORITY_GONE = 'two of three disks are gone for good';

export const twoLostDisks: Scenario = {
  name: 'two-lost-disks',
  does: 'two of three nodes come back with empty disks while the third is down: they do not form a second cluster',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 12,
  alerts: [
    { alert: 'ElasticsearchDoesNotAnswer', stays: MAJORITY_GONE },
    { alert: 'ElasticsearchNoMaster', stays: MAJORITY_GONE },
    { alert: 'ElasticsearchZoneLost', perhaps: 'the third node is away for about as long as the alert waits' },
  ],
  async run({ namespace }) {
    const uuid = await clusterUuid(namespace);
    const [first, second, third] = await elasticsearchPods(namespace);
    if (first === undefined || second === undefined) throw new Error('there are no three nodes');
    const node = letterOf(third?.node);
    await crash(node);
    await loseDisks(namespace, [first.name, second.name]);
    for (const lost of [first, second]) await prepared(namespace, lost);
    say('  two nodes with empty disks run; a minute to form a cluster, which they must not');
    await pause(75);
    for (const { name } of [first, second]) {
      const asked = { pod: name, user: 'operations' } as const;
      const { status } = await es(namespace, 'GET', '/_cluster/health?master_timeout=1s', asked);
      if (status !== 503) throw new Error(`${name} belongs to a second cluster: its health is answered with ${status}`);
      const state = await es(namespace, 'GET', '/_cluster/state/version?local=true', asked);
      expect(state.body).not.toMatch(/"cluster_uuid":"(?!_na_)/);
      expect(await logs(namespace, name, 'prepare')).toContain("this node's disk is empty");
    }
    expect((await elasticsearchPods(namespace)).filter(({ ready }) => ready).map(({ name }) => name)).toEqual([]);
    expect(await marker(namespace)).toBe(uuid);
    await startNode(node);
  },
  after: ({ namespace }) => undeploy(namespace),
};

export const allClaimsDeleted: Scenario = {
  name: 'all-claims-deleted',
  does: 'all claims are deleted: the nodes say so, and the one command that they name starts over',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  alerts: [
    'ElasticsearchDoesNotAnswer',
    'ElasticsearchNoMaster',
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
  ],
  async run({ namespace, variant }) {
    const uuid = await clusterUuid(namespace);
    const pods = await elasticsearchPods(namespace);
    await loseDisks(
      namespace,
      pods.map(({ name }) => name),
    );
    const said = await prepared(namespace, pods[0] as Pod);
    const command = /kubectl (-n \S+ delete .*)$/m.exec(said)?.[1];
    say(`  prepare names: kubectl ${command ?? 'nothing'}`);
    expect(command).toBe(
      `-n ${namespace} delete configmap/elasticsearch-formed ` +
        'pod/elasticsearch-0 pod/elasticsearch-1 pod/elasticsearch-2',
    );
    await pause(30);
    expect((await elasticsearchPods(namespace)).filter(({ ready }) => ready)).toEqual([]);

    await k((command ?? '').split(' '), { seconds: 240 });
    await untilGreen(variant, 420);
    expect(await clusterUuid(namespace)).not.toBe(uuid);
    expect(await marker(namespace)).toBe(await clusterUuid(namespace));
  },
};
