// What the scenarios ask kubectl for.
import type { IPod } from 'kubernetes-models/v1';
import { getJson, kubectl, type List } from '../../../scripts/lib/cluster/kubectl.ts';
import { isReady } from '../../../scripts/lib/cluster/snapshot.ts';
import type { Finished, RunOptions } from '../../../scripts/lib/process.ts';

export { getJson, kubectl };

/** kubectl that must succeed; its output. */
export const k = async (args: readonly string[], options?: RunOptions): Promise<string> => {
  const done = await kubectl(args, options);
  if (done.code !== 0)
    throw new Error(`kubectl ${args.join(' ')} failed with code ${done.code}:\n${(done.stderr || done.stdout).trim()}`);
  return done.stdout;
};

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly node: string | undefined;
  readonly ip: string | undefined;
  readonly ready: boolean;
  readonly leaving: boolean;
  readonly phase: string;
  /** Of all its containers. */
  readonly restarts: number;
  readonly raw: IPod;
}

const podOf = (raw: IPod): Pod => ({
  name: raw.metadata?.name ?? '',
  uid: raw.metadata?.uid ?? '',
  node: raw.spec?.nodeName,
  ip: raw.status?.podIP,
  ready: isReady(raw),
  leaving: raw.metadata?.deletionTimestamp !== undefined,
  phase: raw.status?.phase ?? '',
  restarts: (raw.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
  raw,
});

export const pods = async (namespace: string, selector: string): Promise<Pod[]> => {
  const { items } = await getJson<List<IPod>>(['-n', namespace, 'pods', '-l', selector]);
  return items.map(podOf).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
};

export const elasticsearchPods = (namespace: string): Promise<Pod[]> =>
  pods(namespace, 'app.kubernetes.io/name=elasticsearch');

export const pod = async (namespace: string, name: string): Promise<Pod> => {
  const found = (await elasticsearchPods(namespace)).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no pod ${name}`);
  return found;
};

export interface ExecOptions {
  readonly container?: string;
  readonly input?: string;
  readonly seconds?: number;
}

export const exec = (
  namespace: string,
  name: string,
  command: readonly string[],
  { container = 'elasticsearch', input, seconds = 30 }: ExecOptions = {},
): Promise<Finished> =>
  kubectl(['-n', namespace, 'exec', ...(input === undefined ? [] : ['-i']), name, '-c', container, '--', ...command], {
    seconds,
    ...(input === undefined ? {} : { input }),
  });

export const logs = async (namespace: string, name: string, container: string, previous = false): Promise<string> =>
  (await kubectl(['-n', namespace, 'logs', name, '-c', container, ...(previous ? ['--previous'] : [])])).stdout;

/** An object that may be absent. */
export const maybe = async <Result>(args: readonly string[]): Promise<Result | undefined> => {
  const done = await kubectl(['get', ...args, '--ignore-not-found', '-o', 'json']);
  if (done.code !== 0) throw new Error(`kubectl get ${args.join(' ')} failed:\n${done.stderr.trim()}`);
  return done.stdout.trim() === '' ? undefined : (JSON.parse(done.stdout) as Result);
};
