// The agent beside a node: its processes as the machine sees them, what it says of itself, and what it has said.
import { elasticsearchPods, exec, logs, type Pod } from './kube.ts';
import { findProcess } from './processes.ts';
import { until } from './until.ts';

const runs =
  (file: string) =>
  (command: readonly string[]): boolean =>
    command.includes(`/opt/elasticsearch/agent/${file}`);

export const findAgent = (pod: Pod): number | undefined => findProcess(pod, runs('main.ts'));

const there = (pid: number | undefined, what: string, pod: Pod): number => {
  if (pid === undefined) throw new Error(`no ${what} runs in ${pod.name}`);
  return pid;
};

export const agentOf = (pod: Pod): number => there(findAgent(pod), 'agent', pod);

/** PID 1 of the container, which starts the agent again. */
export const supervisorOf = (pod: Pod): number => there(findProcess(pod, runs('run.sh')), 'supervisor', pod);

/** Its number, so that the next one can be told from it. */
export const killAgent = (pod: Pod): number => {
  const pid = agentOf(pod);
  process.kill(pid, 'SIGKILL');
  return pid;
};

interface AgentStatus {
  readonly ready: boolean;
  readonly stop: { readonly way: string; readonly reason: string };
}

const door = (path: string): readonly string[] => ['--unix-socket', '/run/agent/agent.sock', `http://agent/${path}`];

/** Whether this node answers without a master. `elastic` cannot be asked for that: its password is in the cluster. */
export const hasNoMaster = async (namespace: string, pod: string): Promise<boolean> =>
  (await exec(namespace, pod, ['curl', '-sS', '-m', '10', ...door('health')])).stdout.includes('"no-master"');

/** Asked at its door, as the hook does. */
export const agentStatus = async (namespace: string, pod: string): Promise<AgentStatus> => {
  const done = await exec(namespace, pod, ['curl', '-sS', '-m', '10', '--fail', ...door('status')]);
  if (done.code !== 0) throw new Error(`the agent of ${pod} does not answer: ${done.stderr.trim()}`);
  return JSON.parse(done.stdout) as AgentStatus;
};

/** Until another process than the killed one serves a node that it knows to be ready. */
export const untilAgentServes = (namespace: string, pod: Pod, killed?: number): Promise<true> =>
  until(`an agent of ${pod.name} that serves`, { seconds: 60 }, async () => {
    const pid = findAgent(pod);
    return pid !== undefined && pid !== killed && (await agentStatus(namespace, pod.name)).ready;
  });

/** How often each agent's container was started again: of a native sidecar no other count tells it. */
export const agentRestarts = (pods: readonly Pod[]): number[] =>
  pods.map(({ raw }) => raw.status?.initContainerStatuses?.find(({ name }) => name === 'agent')?.restartCount ?? 0);

interface LogLine {
  readonly message?: string;
  readonly 'event.dataset'?: string;
}

const parsed = (line: string): LogLine[] => {
  try {
    return line.startsWith('{') ? [JSON.parse(line) as LogLine] : [];
  } catch {
    return []; // cut by the runtime, or no line of ours
  }
};

/** What agents, or the hooks of the previous version, have said in a log, beside what Elasticsearch says in it. */
export const reasonsIn = (log: string): string[] =>
  log
    .split('\n')
    .flatMap(parsed)
    .filter((line) => /^delivery-reviews\.(agent|lifecycle)$/.test(line['event.dataset'] ?? ''))
    .map(({ message = '' }) => message);

/** Why a node waits or goes: the pre-stop hook writes it into the log of Elasticsearch's own container. */
export const reasonsOf = async (namespace: string, pod: string): Promise<string[]> =>
  reasonsIn(await logs(namespace, pod, 'elasticsearch'));

/** Of all pods that are being stopped. */
export const reasonsOfLeaving = async (namespace: string): Promise<string[]> => {
  const leaving = (await elasticsearchPods(namespace)).filter((pod) => pod.leaving);
  return (await Promise.all(leaving.map(({ name }) => reasonsOf(namespace, name)))).flat();
};
