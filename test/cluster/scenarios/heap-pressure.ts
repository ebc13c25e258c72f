// Nodes that collect garbage all the time. The short checks of fault detection must not take that for death.
import { expect } from '@jest/globals';
import { pressureBundle } from '../harness/bundle.ts';
import { startClient, stopClient } from '../harness/client-pod.ts';
import { esJson } from '../harness/es.ts';
import { logs } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';

const name = 'pressure';
const seconds = 120;

interface Collected {
  readonly collection_count: number;
  readonly collection_time_in_millis: number;
}
interface Stats {
  readonly nodes: Readonly<
    Record<string, { readonly jvm: { readonly gc: { readonly collectors: Readonly<Record<string, Collected>> } } }>
  >;
}

/** Of all nodes together. */
const garbage = async (namespace: string): Promise<{ collections: number; milliseconds: number }> => {
  const { nodes } = await esJson<Stats>(namespace, 'GET', '/_nodes/stats/jvm?filter_path=nodes.*.jvm.gc.collectors', {
    seconds: 30,
  });
  const all = Object.values(nodes).flatMap(({ jvm }) => Object.values(jvm.gc.collectors));
  return {
    collections: all.reduce((sum, { collection_count }) => sum + collection_count, 0),
    milliseconds: all.reduce((sum, { collection_time_in_millis }) => sum + collection_time_in_millis, 0),
  };
};

const line = async (namespace: string, kind: string): Promise<Record<string, number> | undefined> => {
  const found = (await logs(namespace, name, 'client')).split('\n').find((text) => text.includes(`"kind":"${kind}"`));
  return found === undefined ? undefined : (JSON.parse(found) as Record<string, number>);
};

export const heapPressure: Scenario = {
  name: 'heap-pressure',
  does: `${seconds} s of answers that nobody reads fill the heap of every node: no election, no node is taken for dead`,
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 12,
  alerts: [
    { alert: 'ElasticsearchBreakerTripped', perhaps: 'that requests are refused for lack of memory is what it is for' },
    { alert: 'ElasticsearchRequestsRejected', perhaps: 'as above' },
  ],
  async run(bed) {
    const { namespace } = bed;
    try {
      await startClient({
        namespace,
        name,
        command: ['node', '/opt/client/pressure.cjs', String(seconds)],
        files: { 'pressure.cjs': pressureBundle() },
      });
      await until('the pressure', { seconds: 240 }, () => line(namespace, 'pressing'));
      const before = await garbage(namespace);
      const measured = await underLoad(
        bed,
        { note: 'large answers fill the heap, so other searches wait' },
        async () => {
          const outcome = await until('the end of the pressure', { seconds: seconds + 120, every: 3 }, () =>
            line(namespace, 'pressed'),
          );
          say(`  answers that are not read: ${JSON.stringify(outcome)}`);
        },
      );
      const after = await garbage(namespace);
      say(
        `  ${after.collections - before.collections} collections of garbage in ` +
          `${after.milliseconds - before.milliseconds} ms`,
      );
      // Without work for the collectors nothing was shown.
      expect(after.milliseconds - before.milliseconds).toBeGreaterThan(5000);
      expectNothingLost(measured);
      expect(measured.row.elections).toBe(0);
      expect(measured.row.greenAfterSeconds).toBeUndefined();
      expect(measured.restarted).toEqual([]);
    } finally {
      await stopClient(namespace, name);
      await esJson(namespace, 'DELETE', '/pressure?ignore_unavailable=true');
    }
  },
};
