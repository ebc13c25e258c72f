// The agent's processes are killed in every phase of a node's life. While nodes serve nothing may depend on them; where
// something begins or ends, the next process goes on with it.
import { expect } from '@jest/globals';
import {
  agentRestarts,
  agentStatus,
  findAgent,
  killAgent,
  reasonsOf,
  supervisorOf,
  untilAgentServes,
} from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { findJvm } from '../harness/jvm.ts';
import { elasticsearchPods, k, type Pod, pod } from '../harness/kube.ts';
import { pause, say, secondsSince } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { leftTheService, unreadyDuring } from '../harness/steady.ts';
import { expectPlanned, expectUnnoticed, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { electedMaster, expectOneAwayAtMost, fewestNodes, untilNothingLeftBehind } from './support.ts';

const rounds = 3;
/** Longer than all the probes together that may fail before a pod leaves the Service (four, one each 5 s). */
const withoutAgentsSeconds = 45;

const expectAllStayed = async ({ namespace }: Bed, before: readonly Pod[], when: string): Promise<void> => {
  const left = leftTheService(before, await elasticsearchPods(namespace));
  if (left.length > 0) throw new Error(`${left.join(', ')} left the Service ${when}`);
};

const killAll = async ({ namespace }: Bed, pods: readonly Pod[]): Promise<void> => {
  const killed = pods.map(killAgent);
  await Promise.all(pods.map((one, i) => untilAgentServes(namespace, one, killed[i])));
};

/** Those who would start them again stand still meanwhile. */
const withoutAgents = async (pods: readonly Pod[], seconds: number): Promise<void> => {
  const supervisors = pods.map(supervisorOf);
  try {
    for (const supervisor of supervisors) process.kill(supervisor, 'SIGSTOP');
    for (const one of pods) killAgent(one);
    await pause(seconds);
  } finally {
    for (const supervisor of supervisors) process.kill(supervisor, 'SIGCONT');
  }
};

const whileServing = async (bed: Bed): Promise<void> => {
  const pods = await elasticsearchPods(bed.namespace);
  const note = `${rounds} times; then for ${withoutAgentsSeconds} s no node has an agent`;
  const measured = await underLoad(bed, { part: 'all at once', note }, async () => {
    for (let round = 1; round <= rounds; round += 1) await killAll(bed, pods);
    // The kubelet tells of a container that ended within seconds.
    await pause(5);
    await expectAllStayed(bed, pods, 'when all agents were killed');
    expect(agentRestarts(await elasticsearchPods(bed.namespace))).toEqual(agentRestarts(pods));
    say(`  no agent anywhere for ${withoutAgentsSeconds} s`);
    await withoutAgents(pods, withoutAgentsSeconds);
    await expectAllStayed(bed, pods, 'while no agent ran');
    await Promise.all(pods.map((one) => untilAgentServes(bed.namespace, one)));
  });
  expectUnnoticed(measured);
  await expectAllStayed(bed, pods, 'when the agents came back');
};

/**
 * Kubernetes calls a pod not ready while its native sidecar does not run, whatever Elasticsearch does: nobody can keep
 * this endpoint in the Service. It is one of three, its connections stay, and Elasticsearch itself is not touched.
 */
const wholeContainer = async (bed: Bed): Promise<void> => {
  const { namespace } = bed;
  const { master, others } = await electedMaster(namespace);
  const [bystander, victim] = others;
  const [before = 0] = agentRestarts([victim]);
  const note = 'PID 1 of one container; the pod is not ready until Kubernetes has started it again';
  const measured = await underLoad(bed, { part: 'a whole container', node: bystander.node, note }, async () => {
    const began = Date.now();
    const unready = await unreadyDuring(namespace, async () => {
      process.kill(supervisorOf(victim), 'SIGKILL');
      await until('the container started again', { seconds: 60, every: 0.5 }, async () => {
        const now = await pod(namespace, victim.name);
        return now.ready && (agentRestarts([now])[0] ?? 0) > before;
      });
      await untilAgentServes(namespace, victim);
    });
    const was = unready.includes(victim.name) ? 'was not ready meanwhile' : 'was not seen unready';
    say(`  ${victim.name} ${was}; all is as before after ${secondsSince(began)} s`);
    await expectAllStayed(bed, [master, bystander], `when the agent's container of ${victim.name} was killed`);
  });
  expectUnnoticed(measured);
};

/** One node is away, another one waits for it: with each new agent, from where the last one was. */
const whileStopping = async (bed: Bed): Promise<void> => {
  const { namespace } = bed;
  const { master, others } = await electedMaster(namespace);
  const [away, waits] = others;
  if (away.node === undefined) throw new Error(`${away.name} runs nowhere`);
  const home = away.node;
  let fewest = 0;
  const note = `${waits.name} waits until ${away.name} is back; its agent is killed twice meanwhile`;
  const measured = await underLoad(bed, { part: 'in the middle of a stop', node: master.node, note }, async (load) => {
    await k(['cordon', home]);
    try {
      await k(['-n', namespace, 'delete', 'pod', away.name, '--timeout=240s'], { seconds: 260 });
      await k(['-n', namespace, 'delete', 'pod', waits.name, '--wait=false']);
      const saidSoFar = async (): Promise<number> =>
        (await reasonsOf(namespace, waits.name)).filter((reason) => reason.startsWith('waiting: ')).length;
      await until('a stop that waits', { seconds: 60 }, async () => (await saidSoFar()) > 0);
      for (let kills = 1; kills <= 2; kills += 1) {
        const said = await saidSoFar();
        killAgent(waits);
        // A new process knows nothing of what was said, so it says why it waits once more.
        await until('a new agent that goes on with the stop', { seconds: 60 }, async () => (await saidSoFar()) > said);
        expect((await agentStatus(namespace, waits.name)).stop.way).toBe('restart');
      }
      await pause(10);
      const { uid } = await pod(namespace, waits.name);
      if (uid !== waits.uid || findJvm(waits) === undefined)
        throw new Error(`${waits.name} stopped when its agent was killed, while ${away.name} was away`);
      say(`  ${waits.name}: ${(await reasonsOf(namespace, waits.name)).at(-1) ?? ''}`);
    } finally {
      await k(['uncordon', home]);
    }
    await untilGreen(bed.variant, 420);
    fewest = fewestNodes(load);
  });
  expectPlanned(measured);
  expectOneAwayAtMost(fewest);
  expect(measured.restarted).toEqual([away.name, waits.name].sort());
};

/** As soon as the first one runs; again while Elasticsearch starts, which nobody but an agent can call ready. */
const whileStarting = async (bed: Bed): Promise<void> => {
  const { namespace } = bed;
  const { master, others } = await electedMaster(namespace);
  const [, victim] = others;
  const measured = await underLoad(bed, { part: 'before a start', node: master.node }, async () => {
    await k(['-n', namespace, 'delete', 'pod', victim.name, '--timeout=240s'], { seconds: 260 });
    const started = await until('a new pod with an agent', { seconds: 120, every: 0.2 }, async () => {
      const now = await pod(namespace, victim.name);
      return now.uid !== victim.uid && now.node !== undefined && findAgent(now) !== undefined ? now : undefined;
    });
    const first = killAgent(started);
    say(`  the agent of the new ${victim.name} is killed`);
    await until('the server of the new pod', { seconds: 180, every: 0.2 }, async () => findJvm(started) !== undefined);
    const second = await until('the next agent', { seconds: 30, every: 0.2 }, async () => findAgent(started));
    expect(second).not.toBe(first);
    expect((await pod(namespace, victim.name)).ready).toBe(false);
    killAgent(started);
    say('  and again, while Elasticsearch starts');
    await untilGreen(bed.variant, 300);
  });
  expectPlanned(measured);
  expect(measured.restarted).toEqual([victim.name]);
};

export const agentsKilled: Scenario = {
  name: 'agents-killed',
  does:
    "the agents' processes are killed, on all nodes at once and before, during and after a stop: no pod leaves the " +
    'Service, no request fails, and each stop and each start ends as it must',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 25,
  alerts: [
    { alert: 'ElasticsearchNodesMissing', perhaps: 'one node is kept away for about as long as the alert waits' },
    { alert: 'ElasticsearchZoneLost', perhaps: 'as above' },
  ],
  async run(bed) {
    await whileServing(bed);
    await wholeContainer(bed);
    await whileStopping(bed);
    await whileStarting(bed);
    await untilNothingLeftBehind(bed.namespace);
  },
};
