// A cloud, or a person, grants less time than a stop may take: `kubectl drain --grace-period`, an autoscaler.
import { expect } from '@jest/globals';
import { reasonsIn } from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { health } from '../harness/es.ts';
import { elasticsearchPods, k, kubectl, pod } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

/** More than the longer grace. */
const SECONDS = 190;
/** What a process ends with that obeys SIGTERM; 137 would be a kill. */
const ENDED_BY_SIGTERM = 143;

interface Ending {
  readonly exitCode: number | undefined;
  readonly reasons: readonly string[];
}

/** Deletes the pod, and sees how Elasticsearch ends in it: the object is gone a moment later. */
const endingOf = async (namespace: string, name: string, graceSeconds: number): Promise<Ending> => {
  const { uid } = await pod(namespace, name);
  const states = '{.metadata.uid} {.status.containerStatuses[0].state.terminated.exitCode}{"\\n"}';
  const watched = kubectl(['-n', namespace, 'get', 'pod', name, '--watch', '-o', `jsonpath=${states}`], {
    seconds: SECONDS,
  });
  const log = kubectl(['-n', namespace, 'logs', '--follow', '--tail=0', name, '-c', 'elasticsearch'], {
    seconds: SECONDS,
  });
  await k(['-n', namespace, 'delete', 'pod', name, `--grace-period=${graceSeconds}`, '--wait=false']);
  const codes = (await watched).stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([of, code]) => of === uid && code !== '' && code !== undefined)
    .map(([, code]) => Number(code));
  return { exitCode: codes.at(-1), reasons: reasonsIn((await log).stdout) };
};

export const shortGrace: Scenario = {
  name: 'short-grace',
  does:
    'two nodes that cannot be spared are deleted with a grace of 180 and of 30 s: they wait for as long as that ' +
    'allows, and then Elasticsearch ends by itself, before it is killed',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  async run({ namespace, variant }) {
    const home = (await elasticsearchPods(namespace))[0]?.node ?? '';
    await k(['cordon', home]);
    try {
      await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-0', '--force', '--grace-period=0']);
      await until('a cluster of two', { seconds: 60 }, async () => (await health(namespace)).number_of_nodes === 2);
      say('  elasticsearch-0 cannot start: its node is cordoned; now the others are deleted');
      const [long, short] = await Promise.all([
        endingOf(namespace, 'elasticsearch-1', 180),
        endingOf(namespace, 'elasticsearch-2', 30),
      ]);
      for (const { exitCode } of [short, long])
        if (exitCode !== ENDED_BY_SIGTERM)
          throw new Error(`Elasticsearch was to end by itself, but its container ended with ${exitCode ?? 'nothing'}`);
      expect(long.reasons).toContainEqual(expect.stringMatching(/^the waits are cut to \d+ s instead of \d+ s: /));
      expect(long.reasons).toContainEqual(expect.stringMatching(/^waiting: /));
      expect(short.reasons).toContainEqual(expect.stringMatching(/^nothing is waited for: the pod is granted 30 s /));
    } finally {
      await k(['uncordon', home]);
    }
    await untilGreen(variant, 420);
  },
};
