// What users feel, as the probe tells it: nothing of planned work, and an outage, which somebody is told of.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { esJson } from '../harness/es.ts';
import { elasticsearchPods, exec, getJson, k } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { createReview } from '../load/reviews.ts';
import { changeTemplate } from './support.ts';

/** The suite's Prometheus runs in no namespace (overlays/watched): its address in place of a label. */
const heard = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'probe-from-monitoring' },
  spec: { ingress: [{ from: [{ ipBlock: { cidr: '10.210.0.1/32' } }], ports: [{ protocol: 'TCP', port: 9394 }] }] },
};

const print = "fetch('http://localhost:9394/metrics').then((answer) => answer.text()).then(console.log)";

interface Probe {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
}

const probeOf = async (namespace: string): Promise<Probe> => {
  const label = 'app.kubernetes.io/name=reviews-probe';
  const { items } = await getJson<{ items: readonly Probe[] }>(['-n', namespace, 'pods', '-l', label]);
  const [probe] = items;
  if (probe === undefined || items.length > 1) throw new Error(`${items.length} probes`);
  return probe;
};

type Outcome = 'good' | 'bad' | 'unready';
const KINDS = ['searches', 'writes', 'lookups'] as const;

/** How many came to this, of each kind. */
const counted = async (namespace: string, outcome: Outcome): Promise<readonly number[]> => {
  const { name } = (await probeOf(namespace)).metadata;
  const done = await exec(namespace, name, ['node', '-e', print], { container: 'probe' });
  return KINDS.map((kind) => {
    const found = new RegExp(`^reviews_probe_${kind}_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(done.stdout);
    if (found === null) throw new Error(`the probe tells no ${outcome} ${kind}: ${done.stderr}`);
    return Number(found[1]);
  });
};

const untilMore = (namespace: string, than: readonly number[], by: number): Promise<true> =>
  until(`${by} more of each kind`, { seconds: 120 }, async () => {
    const now = await counted(namespace, 'good');
    if (now.every((count, i) => count >= (than[i] ?? 0) + by)) return true;
    throw new Error(now.join(' '));
  });

const halfAnHour = 'it looks half an hour back, here five minutes';

export const objectives: Scenario = {
  name: 'objectives',
  does:
    'a client that asks for nobody feels nothing of a rolling restart; while two of three nodes are away it does, ' +
    'and somebody is told',
  set: 'full',
  lab: threeNodes,
  variant: { ...prod, components: ['reviews-probe'], patches: [heard] },
  labOnly: true,
  watched: true,
  minutes: 25,
  alerts: [
    'ReviewsSearchFailsNow',
    'ReviewsIngestFailsNow',
    { alert: 'ReviewsSearchFailsSteadily', stays: halfAnHour },
    { alert: 'ReviewsIngestFailsSteadily', stays: halfAnHour },
    { alert: 'ReviewsSearchSlowNow', perhaps: 'what is not answered is slow, too' },
    {
      alert: 'ReviewsSearchSlowSteadily',
      perhaps: 'what is not answered is slow, too',
      stays: halfAnHour,
    },
    { alert: 'ReviewsFoundLateNow', perhaps: 'of a review that was taken just before' },
    {
      alert: 'ReviewsFoundLateSteadily',
      perhaps: 'of a review that was taken just before',
      stays: halfAnHour,
    },
    { alert: 'ElasticsearchNoMaster', perhaps: 'where the outage lasts for long enough' },
    { alert: 'ElasticsearchDoesNotAnswer', perhaps: 'where the outage lasts for long enough' },
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
    { alert: 'ElasticsearchZoneLost', perhaps: 'where the outage lasts for long enough' },
  ],
  async run({ namespace, variant, alerts }) {
    await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=240s'], { seconds: 250 });
    // Without a month there is nothing to search in.
    await esJson(namespace, 'POST', '/_bulk?refresh=true', { body: createReview('OBJECTIVES-1') });
    await untilMore(namespace, [0, 0, 0], 1);
    const before = await counted(namespace, 'good');
    await changeTemplate(namespace);
    say(`  restarted after ${await untilGreen(variant, 600)} s`);
    await untilMore(namespace, await counted(namespace, 'good'), 3);
    const good = (await counted(namespace, 'good')).map((count, i) => count - (before[i] ?? 0));
    say(`  a rolling restart, as the probe counts it: ${KINDS.map((kind, i) => `${good[i]} ${kind}`).join(', ')} good`);
    expect(await counted(namespace, 'bad')).toEqual([0, 0, 0]);

    const home = (await probeOf(namespace)).spec.nodeName;
    const away = (await elasticsearchPods(namespace))
      .filter(({ node }) => node !== home)
      .map(({ node }) => letterOf(node));
    expect(away).toHaveLength(2);
    say(`  nodes ${away.join(' and ')} vanish`);
    await Promise.all(away.map(crash));
    try {
      await alerts.untilFires('ReviewsSearchFailsNow', 180);
      await alerts.untilFires('ReviewsIngestFailsNow', 180);
    } finally {
      await Promise.all(away.map(startNode));
    }
    await untilGreen(variant, 420);
    await alerts.untilClears('ReviewsSearchFailsNow');
    await alerts.untilClears('ReviewsIngestFailsNow');
    const bad = await counted(namespace, 'bad');
    say(`  an outage, as the probe counts it: ${KINDS.map((kind, i) => `${bad[i]} ${kind}`).join(', ')} bad`);
  },
};
