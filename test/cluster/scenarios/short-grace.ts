// A cloud, or a person, grants less time than a stop may take: `kubectl drain --grace-period`, an autoscaler.
import { expect } from '@jest/globals';
import { agentStatus, reasonsIn } from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { health } from '../harness/es.ts';
import { elasticsearchPods, k, kubectl, pod } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

/** What a process ends with that obeys SIGTERM; 137 would be a kill. */
const ENDED_BY_SIGTERM = 143;

/** Before the kill: enough for SIGTERM to be obeyed, also where a request is still being answered. */
const LEAST_MARGIN = 5;

interface Ending {
  readonly exitCode: number | undefined;
  /** From the end of Elasticsearch to the kill that would have come. */
  readonly marginSeconds: number;
  readonly reasons: readonly string[];
}

/** Deletes the pod, and sees how Elasticsearch ends in it: the object is gone a moment later. */
const endingOf = async (namespace: string, name: string, graceSeconds: number): Promise<Ending> => {
  const { uid } = await pod(namespace, name);
  const terminated = '.status.containerStatuses[0].state.terminated';
  const states = `{.metadata.uid} {${terminated}.exitCode} {${terminated}.finishedAt}{"\\n"}`;
  const seconds = graceSeconds + 10;
  const watched = kubectl(['-n', namespace, 'get', 'pod', name, '--watch', '-o', `jsonpath=${states}`], { seconds });
  const log = kubectl(['-n', namespace, 'logs', '--follow', '--tail=0', name, '-c', 'elasticsearch'], { seconds });
  const began = Date.now();
  await k(['-n', namespace, 'delete', 'pod', name, `--grace-period=${graceSeconds}`, '--wait=false']);
  const [code, finished] =
    (await watched).stdout
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([of, exit = '']) => of === uid && exit !== '')
      ?.slice(1) ?? [];
  const marginSeconds = Math.round(graceSeconds - (Date.parse(finished ?? '') - began) / 1000);
  say(`  ${name}, granted ${graceSeconds} s, ended with ${code ?? 'nothing'}, ${marginSeconds} s before the kill`);
  return {
    exitCode: code === undefined ? undefined : Number(code),
    marginSeconds,
    reasons: reasonsIn((await log).stdout),
  };
};

export const shortGrace: Scenario = {
  name: 'short-grace',
  does:
    'nodes that cannot be spared are deleted with a grace of 600, 180 and 30 s: they wait for as long as that ' +
    'allows, and then Elasticsearch ends by itself, before it is killed',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 25,
  // One node is kept away all the time, and with a second one goes the majority.
  alerts: [
    'ElasticsearchNodesMissing',
    'ElasticsearchZoneLost',
    'ElasticsearchDoesNotAnswer',
    'ElasticsearchNoMaster',
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
    {
      alert: 'ElasticsearchNodeLeftAnyway',
      perhaps: 'the agent ends seconds after it has counted that, maybe before it is read again',
      stays: 'it looks an hour back, here ten minutes',
    },
  ],
  async run({ namespace, variant }) {
    const home = (await elasticsearchPods(namespace))[0]?.node ?? '';
    await k(['cordon', home]);
    try {
      await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-0', '--force', '--grace-period=0']);
      await until('a cluster of two', { seconds: 60 }, async () => (await health(namespace)).number_of_nodes === 2);
      say('  elasticsearch-0 cannot start: its node is cordoned; now the others are deleted');
      const [longest, { short, long }] = await Promise.all([
        endingOf(namespace, 'elasticsearch-1', 600),
        // One after the other, in the same pod made anew: three nodes are all that there are.
        (async () => {
          const first = await endingOf(namespace, 'elasticsearch-2', 30);
          await until(
            'elasticsearch-2 back',
            { seconds: 180 },
            async () => (await agentStatus(namespace, 'elasticsearch-2')).ready,
          );
          return { short: first, long: await endingOf(namespace, 'elasticsearch-2', 180) };
        })(),
      ]);
      for (const { exitCode, marginSeconds } of [short, long, longest]) {
        if (exitCode !== ENDED_BY_SIGTERM)
          throw new Error(`Elasticsearch was to end by itself, but its container ended with ${exitCode ?? 'nothing'}`);
        expect(marginSeconds).toBeGreaterThanOrEqual(LEAST_MARGIN);
      }
      for (const { reasons } of [long, longest]) {
        expect(reasons).toContainEqual(expect.stringMatching(/^the waits are cut to \d+ s instead of \d+ s: /));
        expect(reasons).toContainEqual(expect.stringMatching(/^waiting: /));
      }
      expect(short.reasons).toContainEqual(expect.stringMatching(/^nothing is waited for: the pod is granted 30 s /));
    } finally {
      await k(['uncordon', home]);
    }
    await untilGreen(variant, 420);
  },
};
