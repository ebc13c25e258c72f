// Failures that last until somebody is told: each alert is waited for while its failure is there, and must clear
// afterwards. The other scenarios show which alerts stay silent.
import { killAgent, supervisorOf, untilAgentServes } from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { es, esJson } from '../harness/es.ts';
import { elasticsearchPods, k } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { leftTheService } from '../harness/steady.ts';
import { electedMaster, expectKept, writeKept } from './support.ts';

/** For an alert that waits ten minutes, here 100 s; a lost exporter is made anew first. */
const LONG = 300;
const SHORT = 120;

const common = { set: 'full', lab: threeNodes, variant: prod, minutes: 12, watched: true } as const;

export const alertsOfALostNode: Scenario = {
  ...common,
  name: 'alerts-lost-node',
  does: 'a node is away for so long that somebody must be told: copies are missing, and a node is',
  labOnly: true,
  alerts: ['ElasticsearchNodesMissing', 'ElasticsearchYellow', 'ElasticsearchZoneLost'],
  async run({ namespace, variant, alerts }) {
    // A copy on each node: one of them can be nowhere else.
    await writeKept(namespace, 2);
    const { others } = await electedMaster(namespace);
    const node = letterOf(others[1].node);
    say(`  node ${node} with ${others[1].name} vanishes`);
    await crash(node);
    try {
      await alerts.untilFires('ElasticsearchNodesMissing', LONG);
      await alerts.untilFires('ElasticsearchYellow', LONG);
      await alerts.untilFires('ElasticsearchZoneLost', LONG);
    } finally {
      await startNode(node);
    }
    await untilGreen(variant, 300);
    await expectKept(namespace);
    await esJson(namespace, 'DELETE', '/kept');
  },
};

export const alertsOfNoMaster: Scenario = {
  ...common,
  name: 'alerts-no-master',
  does:
    'two of three nodes vanish: that no master is elected is told by the agent, that nothing answers by the ' +
    'exporter',
  labOnly: true,
  alerts: [
    'ElasticsearchNoMaster',
    'ElasticsearchDoesNotAnswer',
    { alert: 'ElasticsearchRed', perhaps: 'while the shards of the first node that is back start' },
    { alert: 'ElasticsearchZoneLost', perhaps: 'where the exporter must be made anew first' },
  ],
  async run({ namespace, variant, alerts }) {
    const { master, others } = await electedMaster(namespace);
    const lost = [master, others[0]].map(({ node }) => letterOf(node));
    say(`  nodes ${lost.join(' and ')} vanish`);
    await Promise.all(lost.map(crash));
    try {
      await alerts.untilFires('ElasticsearchNoMaster', LONG);
      await alerts.untilFires('ElasticsearchDoesNotAnswer', LONG);
    } finally {
      await Promise.all(lost.map(startNode));
    }
    await untilGreen(variant, 420);
  },
};

const disk = 'cluster.routing.allocation.disk.watermark';

/** Undefined for those that are Elasticsearch's own. */
const watermarks = (namespace: string, low: string | null, high: string | null): Promise<unknown> =>
  esJson(namespace, 'PUT', '/_cluster/settings', {
    body: { persistent: { [`${disk}.low`]: low, [`${disk}.high`]: high } },
  });

export const alertsOfShardsAndDisks: Scenario = {
  ...common,
  name: 'alerts-shards-and-disks',
  does: 'a shard that is nowhere, and disks above both watermarks, are told while all nodes are well',
  alerts: ['ElasticsearchRed', 'ElasticsearchDiskAboveLowWatermark', 'ElasticsearchDiskAboveHighWatermark'],
  async run({ namespace, variant, alerts }) {
    try {
      // Its creation would wait for the shard.
      await esJson(namespace, 'PUT', '/nowhere?wait_for_active_shards=0', {
        body: { settings: { number_of_replicas: 0, 'index.routing.allocation.require._name': 'nobody' } },
      });
      await alerts.untilFires('ElasticsearchRed', SHORT);
      await es(namespace, 'DELETE', '/nowhere');
      await alerts.untilClears('ElasticsearchRed');
      // Every disk is fuller than that.
      await watermarks(namespace, '1%', '2%');
      await alerts.untilFires('ElasticsearchDiskAboveHighWatermark', LONG);
      await alerts.untilFires('ElasticsearchDiskAboveLowWatermark', LONG);
    } finally {
      await watermarks(namespace, null, null);
      await es(namespace, 'DELETE', '/nowhere');
    }
    await untilGreen(variant, 180);
  },
};

/** Those who would start them again stand still meanwhile. */
const withoutAgents = async (namespace: string, work: () => Promise<void>): Promise<void> => {
  const nodes = await elasticsearchPods(namespace);
  const supervisors = nodes.map(supervisorOf);
  try {
    for (const supervisor of supervisors) process.kill(supervisor, 'SIGSTOP');
    for (const node of nodes) killAgent(node);
    await work();
  } finally {
    for (const supervisor of supervisors) process.kill(supervisor, 'SIGCONT');
  }
  await Promise.all(nodes.map((node) => untilAgentServes(namespace, node)));
  const left = leftTheService(nodes, await elasticsearchPods(namespace));
  if (left.length > 0) throw new Error(`${left.join(', ')} left the Service while no agent ran`);
};

export const alertsOfBlindness: Scenario = {
  ...common,
  name: 'alerts-not-heard',
  does: 'the exporter is gone, then no agent answers: each is told by the other, and no pod leaves the Service',
  labOnly: true,
  alerts: ['ElasticsearchExporterDown', 'ElasticsearchAgentsNotHeard'],
  async run({ namespace, variant, alerts }) {
    const scale = (count: number): Promise<string> =>
      k(['-n', namespace, 'scale', 'deployment/elasticsearch-exporter', `--replicas=${count}`]);
    await scale(0);
    try {
      await alerts.untilFires('ElasticsearchExporterDown', LONG);
    } finally {
      await scale(1);
    }
    await alerts.untilClears('ElasticsearchExporterDown');
    await withoutAgents(namespace, () => alerts.untilFires('ElasticsearchAgentsNotHeard', LONG));
    await untilGreen(variant, 120);
  },
};
