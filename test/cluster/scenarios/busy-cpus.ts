// Processors that never rest: each agent shares the smallest share there is with many programs that want all of it, and
// so does each Kubernetes node. Elasticsearch keeps enough to work with.
import { expect } from '@jest/globals';
import { agentOf, untilAgentServes } from '../harness/agent.ts';
import { burnIn, type Scheduled, scheduled, starve } from '../harness/burners.ts';
import { elasticsearchPods, type Pod } from '../harness/kube.ts';
import { letterOf } from '../harness/lab.ts';
import { processorGroupOf } from '../harness/processes.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { leftTheService } from '../harness/steady.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';

const seconds = 120;
const besideTheAgent = 20;
/** So many times as long as it runs an agent waits for a processor, then. */
const starved = 10;
/** In the place of the kubelet and its like: each counts half as much as all pods of the node together. */
const besideThePods = 1;

/** Ends what was begun, the last one first, and all of it. */
const undo = (ends: (() => void)[]): void => {
  for (const end of ends.reverse()) {
    try {
      end();
    } catch (error) {
      // A group that is gone needs nothing any more.
      say(`  ${String(error)}`);
    }
  }
};

const busy = async (pods: readonly Pod[], work: () => Promise<void>): Promise<void> => {
  const ends: (() => void)[] = [];
  try {
    for (const pod of pods) {
      const group = processorGroupOf(pod, agentOf(pod));
      ends.push(starve(group), burnIn(group, besideTheAgent));
      ends.push(burnIn(`/sys/fs/cgroup/cpu/lab-${letterOf(pod.node)}`, besideThePods));
    }
    await work();
  } finally {
    undo(ends);
  }
};

const difference = (before: Scheduled, after: Scheduled): Scheduled => ({
  ranMs: after.ranMs - before.ranMs,
  waitedMs: after.waitedMs - before.waitedMs,
});

export const busyCpus: Scenario = {
  name: 'busy-cpus',
  does: `${seconds} s in which the agents hardly get a processor: no pod leaves the Service, and no request fails`,
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  alerts: [
    {
      alert: 'ElasticsearchAgentsNotHeard',
      perhaps: 'their agents hardly get a processor, so they may answer too late',
    },
    { alert: 'ElasticsearchZoneLost', perhaps: 'as above' },
  ],
  async run(bed) {
    const { namespace } = bed;
    const pods = await elasticsearchPods(namespace);
    const agents = pods.map(agentOf);
    const measured = await underLoad(bed, { note: `${seconds} s of burning processors` }, async () => {
      const before = agents.map(scheduled);
      await busy(pods, () => pause(seconds));
      const spent = agents.map((pid, i) => difference(before[i] ?? { ranMs: 0, waitedMs: 0 }, scheduled(pid)));
      pods.forEach(({ name }, i) => say(`  the agent of ${name}: ${JSON.stringify(spent[i])}`));
      // Agents that were not kept waiting have shown nothing; on a busy machine they wait as it is.
      for (const { ranMs, waitedMs } of spent) expect(waitedMs).toBeGreaterThan(ranMs * starved);
      await Promise.all(pods.map((pod) => untilAgentServes(namespace, pod)));
    });
    say(`  writes repeated: ${measured.writeRetries}`);
    expectPlanned(measured);
    expect(measured.restarted).toEqual([]);
    const left = leftTheService(pods, await elasticsearchPods(namespace));
    if (left.length > 0) throw new Error(`${left.join(', ')} left the Service while the processors were busy`);
  },
};
