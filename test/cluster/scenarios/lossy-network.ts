// Packets between the nodes are lost by chance, each way: which healthy nodes are parted, and how often.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, type Pod } from '../harness/kube.ts';
import { lab, letterOf } from '../harness/lab.ts';
import { partingsPerSecond } from '../harness/parted.ts';
import { pause, say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { givenUp } from '../harness/tcp-counters.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster } from './support.ts';

const seconds = 300;
const keepCount = 3;
/** Of three nodes. */
const pairs = 3;

/** Of what arrives at a node for the port of transport, whoever asks or answers. */
const loseArriving = async (pods: readonly Pod[], loss: number, action: '-I' | '-D'): Promise<void> => {
  const random = ['-m', 'statistic', '--mode', 'random', '--probability', String(loss)];
  for (const pod of pods)
    for (const port of ['--sport', '--dport']) {
      const rule = [action, 'FORWARD', '-i', 'eth0', '-p', 'tcp', port, '9300', ...random, '-j', 'DROP'];
      await lab(['node-exec', letterOf(pod.node), 'iptables', ...rule]);
    }
};

const lossy = async (bed: Bed, loss: number): Promise<number> => {
  const { others } = await electedMaster(bed.namespace);
  const pods = await elasticsearchPods(bed.namespace);
  const expected = pairs * partingsPerSecond(loss, keepCount) * seconds;
  const percent = `${loss * 100} % lost each way for ${seconds} s`;
  let closed = 0;
  const measured = await underLoad(
    bed,
    {
      node: others[0].node,
      part: percent,
      note: () => `${closed} connections were given up; by arithmetic ${expected.toPrecision(2)} of idle nodes`,
    },
    async () => {
      const before = givenUp(pods);
      await loseArriving(pods, loss, '-I');
      try {
        await pause(seconds);
        closed = givenUp(pods) - before;
      } finally {
        await loseArriving(pods, loss, '-D');
      }
      say(`  ${percent}: ${closed} connections given up, ${expected.toPrecision(2)} by arithmetic`);
      await untilGreen(bed.variant, 300);
    },
  );
  expectNothingLost(measured);
  expect(measured.restarted).toEqual([]);
  expect(measured.report.redMs).toBe(0);
  return closed / expected;
};

export const lossyNetwork: Scenario = {
  name: 'lossy-network',
  does:
    `1 %, then 5 % of all packets between nodes are lost each way for ${seconds} s: never red, nothing lost, and ` +
    'healthy nodes are parted no more often than arithmetic says',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 20,
  // That healthy nodes are parted now and then, the master among them, is what is measured.
  alerts: [
    { alert: 'ElasticsearchYellow', perhaps: 'copies are made again over the same network' },
    { alert: 'ElasticsearchMasterUnstable', perhaps: 'the master may be the one that is parted, again and again' },
    { alert: 'ElasticsearchDoesNotAnswer', perhaps: 'answers wait for packets that are sent again' },
  ],
  async run(bed) {
    await lossy(bed, 0.01);
    expect(await lossy(bed, 0.05)).toBeLessThan(3);
  },
};
