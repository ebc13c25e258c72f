// The only copy is away; a disk is full; something is left over: what users get, what the doctor says, the way back.
import { expect } from '@jest/globals';
import { HEADROOM, ROOM } from '../../../scripts/lib/questions/disk.ts';
import { ALLOCATION, FILTERS, VOTES, WRITES } from '../../../scripts/lib/questions/leftovers.ts';
import { untilGreen } from '../harness/cluster.ts';
import { untilComplaints } from '../harness/doctor.ts';
import { es, esDone, esJson, health } from '../harness/es.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { expectKept, machineAway, newIndex, writeKept } from './support.ts';

const put = (namespace: string, persistent: Readonly<Record<string, string | null>>): Promise<unknown> =>
  esJson(namespace, 'PUT', '/_cluster/settings', { body: { persistent } });

export const onlyCopyAway: Scenario = {
  name: 'only-copy-away',
  does:
    'the node with the only copy of an index is down: the cluster is red, other indices go on, nothing puts an empty ' +
    'copy in its place; when the node is back every document is there',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  alerts: [...machineAway, { alert: 'ElasticsearchRed', perhaps: 'the exporter may be on the node that is down' }],
  async run({ namespace, variant }) {
    await writeKept(namespace, 0);
    await newIndex(namespace, 'other', { replicas: 2 });
    const [copy] = await esJson<readonly { node: string }[]>(namespace, 'GET', '/_cat/shards/kept?format=json&h=node');
    const holder = (await elasticsearchPods(namespace)).find(({ name }) => name === copy?.node);
    await crash(letterOf(holder?.node));
    await until('red', { seconds: 60 }, async () => (await health(namespace)).status === 'red');
    say(`  red: ${holder?.name ?? '?'} has the only copy`);
    const read = await es(namespace, 'GET', '/kept/_search?size=0');
    expect(read.status).toBe(503);
    const written = await es(namespace, 'POST', '/other/_doc?timeout=10s', { body: { n: 1 } });
    expect(written.status).toBe(201);
    const refused = await es(namespace, 'POST', '/kept/_doc?timeout=2s', { body: { n: 1 } });
    expect(refused.status).toBe(503);
    await startNode(letterOf(holder?.node));
    await untilGreen(variant, 240);
    await expectKept(namespace);
    for (const index of ['kept', 'other']) await esJson(namespace, 'DELETE', `/${index}`);
  },
};

const WATERMARK = 'cluster.routing.allocation.disk.watermark';
/** Every disk is fuller than that, so these stand for disks that are nearly full. */
const full = { [`${WATERMARK}.low`]: '0.1%', [`${WATERMARK}.high`]: '0.2%', [`${WATERMARK}.flood_stage`]: '0.3%' };
const asBefore = Object.fromEntries(Object.keys(full).map((name) => [name, null]));

export const diskFull: Scenario = {
  name: 'disk-full',
  does:
    'every disk is above the last watermark: writes are refused with the reason, searches go on, the doctor says so; ' +
    'as soon as there is room writes are taken again by themselves',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 6,
  alerts: [
    { alert: 'ElasticsearchDiskAboveHighWatermark', perhaps: 'there is room again about as soon as the alert speaks' },
    { alert: 'ElasticsearchDiskAboveLowWatermark', perhaps: 'as above; it waits twice as long' },
  ],
  async run({ namespace, variant }) {
    await writeKept(namespace, 1);
    const write = async (): Promise<{ readonly status: number; readonly body: string }> =>
      es(namespace, 'PUT', '/kept/_doc/one-more', { body: { n: 0 } });
    try {
      await put(namespace, full);
      const { body } = await until('a write that is refused', { seconds: 90, every: 2 }, async () => {
        const answer = await write();
        return answer.status === 429 ? answer : undefined;
      });
      say(`  ${body.slice(0, 200)}`);
      expect(body).toContain('flood-stage watermark');
      expect((await es(namespace, 'GET', '/kept/_count')).status).toBe(200);
      await untilComplaints(variant, [WRITES, ROOM, HEADROOM]);
    } finally {
      await put(namespace, asBefore);
    }
    await until('a write that is taken', { seconds: 90, every: 2 }, async () => (await write()).status < 300);
    await untilComplaints(variant, []);
    await esJson(namespace, 'DELETE', '/kept');
  },
};

export const doctor: Scenario = {
  name: 'doctor',
  does:
    'the doctor says yes to everything of a healthy cluster, and no to exactly what somebody has left behind: a ' +
    'filter, allocation that is off, a vote that is excluded',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 6,
  async run({ namespace, variant }) {
    await untilComplaints(variant, []);
    try {
      await put(namespace, {
        'cluster.routing.allocation.exclude._ip': '192.0.2.1',
        'cluster.routing.allocation.enable': 'primaries',
      });
      await esDone(namespace, 'POST', '/_cluster/voting_config_exclusions?node_names=elasticsearch-9');
      for (const { detail } of await untilComplaints(variant, [FILTERS, ALLOCATION, VOTES], 20)) say(`  no: ${detail}`);
    } finally {
      await put(namespace, {
        'cluster.routing.allocation.exclude._ip': null,
        'cluster.routing.allocation.enable': null,
      });
      await esDone(namespace, 'DELETE', '/_cluster/voting_config_exclusions?wait_for_removal=false');
    }
    await untilComplaints(variant, []);
  },
};
