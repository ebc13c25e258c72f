// The API server cannot be reached from the nodes while two of them are told to stop. Nobody can ask for the Lease, nor
// for the number of replicas, so they settle in the cluster itself who goes first.
import { expect } from '@jest/globals';
import { reasonsOfLeaving } from '../harness/agent.ts';
import { applyVariant, untilGreen } from '../harness/cluster.ts';
import { exec, k } from '../harness/kube.ts';
import { say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { electedMaster, expectOneAwayAtMost, fewestNodes, untilNothingLeftBehind } from './support.ts';

/** From a pod: in bash, by the variables that the kubelet sets in every container. */
const reachesApiServer = async (namespace: string, pod: string): Promise<boolean> => {
  const connect = '(: < "/dev/tcp/$KUBERNETES_SERVICE_HOST/$KUBERNETES_SERVICE_PORT") 2> /dev/null';
  const done = await exec(namespace, pod, ['timeout', '4', 'bash', '-c', connect]);
  return done.code === 0;
};

/** The policy that lets nodes ask it is for credentials alone; applying the overlay again takes that back. */
const cutApiServer = async (namespace: string, pods: readonly string[]): Promise<void> => {
  const only = [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['credentials'] }];
  const patch = JSON.stringify({ spec: { podSelector: { matchExpressions: only } } });
  await k(['-n', namespace, 'patch', 'networkpolicy', 'kubernetes-api', '--type=merge', '-p', patch]);
  await until('no way from the nodes to the API server', { seconds: 60 }, async () => {
    const reached = await Promise.all(pods.map((pod) => reachesApiServer(namespace, pod)));
    return !reached.includes(true);
  });
};

export const noApiServer: Scenario = {
  name: 'no-api-server',
  does: 'two nodes are told to stop at once while none reaches the API server: never are both away, no search fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 20,
  async run(bed) {
    const { namespace, variant } = bed;
    const { master, others } = await electedMaster(namespace);
    const told = others.map(({ name }) => name).sort();
    for (const name of told) expect(await reachesApiServer(namespace, name)).toBe(true);
    let fewest = 0;
    try {
      const note = 'the nodes reach no API server all the time';
      const measured = await underLoad(bed, { node: master.node, note }, async (load) => {
        await cutApiServer(namespace, [master.name, ...told]);
        const began = Date.now();
        await k(['-n', namespace, 'delete', 'pod', ...told, '--wait=false']);
        const why = await until('the missing API server as a reason', { seconds: 180 }, async () =>
          (await reasonsOfLeaving(namespace)).find((reason) =>
            /^waiting: cannot (ask for|read) the lease/.test(reason),
          ),
        );
        say(`  ${why}`);
        await untilGreen(variant, 900);
        say(`  both are back after ${secondsSince(began)} s`);
        fewest = fewestNodes(load);
      });
      expectPlanned(measured);
      expect(measured.restarted).toEqual(told);
      expectOneAwayAtMost(fewest);
    } finally {
      await applyVariant(variant);
    }
    await untilNothingLeftBehind(namespace);
  },
};
