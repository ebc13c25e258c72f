// What several scenarios do.
import { es, esJson, master } from '../harness/es.ts';
import { clean, litter } from '../harness/facts.ts';
import { elasticsearchPods, k, type Pod } from '../harness/kube.ts';
import type { Load } from '../harness/load.ts';
import { set } from '../harness/settings.ts';
import { until } from '../harness/until.ts';
import type { Declared } from '../watch/expected.ts';

/** Of a machine that vanishes and starts again: its Elasticsearch node is back after two minutes or so. */
export const machineAway: Declared = ['ElasticsearchNodesMissing', 'ElasticsearchZoneLost'].map((alert) => ({
  alert,
  perhaps: 'a machine is away for about as long as the alert waits',
}));

export const untilNothingLeftBehind = (namespace: string): Promise<true> =>
  until('nothing left behind', { seconds: 120, every: 5 }, async () => {
    const left = JSON.stringify(await litter(namespace));
    if (left === JSON.stringify(clean)) return true;
    throw new Error(left);
  });

/** A change of the pod template of no consequence, which applying the overlay again does not take back. */
export const changeTemplate = (namespace: string): Promise<string> =>
  k(['-n', namespace, 'rollout', 'restart', 'statefulset/elasticsearch']);

export interface Roles {
  readonly master: Pod;
  readonly others: readonly [Pod, Pod];
}

/** Who is the elected master of a cluster of three, and who is not. */
export const electedMaster = async (namespace: string): Promise<Roles> => {
  const elected = await master(namespace);
  const pods = await elasticsearchPods(namespace);
  const found = pods.find(({ name }) => name === elected);
  const [first, second] = pods.filter(({ name }) => name !== elected);
  if (found === undefined || first === undefined || second === undefined)
    throw new Error(`no three pods with a master: ${elected}`);
  return { master: found, others: [first, second] };
};

/**
 * The limit holds in the full set, which is measured on a machine with nothing else to do. The short set runs wherever
 * changes are checked, so it only refuses what no busy machine explains.
 */
export const expectAtMost = (what: string, seconds: number | undefined, limit: number, busyLimit: number): void => {
  const allowed = set === 'full' ? limit : busyLimit;
  if (seconds === undefined || seconds > allowed)
    throw new Error(`${what} must be at most ${allowed} s, but was ${seconds ?? 'not measured'} s`);
};

/** The fewest nodes that the client has seen in the cluster. */
export const fewestNodes = (load: Load): number =>
  Math.min(
    3,
    ...load.lines.flatMap((line) =>
      line.kind === 'status' && line.status.status !== 'unknown' ? [line.status.nodes] : [],
    ),
  );

/**
 * Never were two of three away at once, even when the two that were left had started all copies and could have gone on
 * with one.
 */
export const expectOneAwayAtMost = (fewest: number): void => {
  if (fewest !== 2)
    throw new Error(`one of three nodes may be away at a time, but the client saw a cluster of ${fewest}`);
};

interface IndexOptions {
  readonly shards?: number;
  readonly replicas: number;
  readonly mappings?: object;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** In place of one that a failed scenario may have left. */
export const newIndex = async (
  namespace: string,
  name: string,
  { shards = 1, replicas, mappings = {}, settings = {} }: IndexOptions,
): Promise<void> => {
  await es(namespace, 'DELETE', `/${name}`);
  await esJson(namespace, 'PUT', `/${name}`, {
    body: { settings: { number_of_shards: shards, number_of_replicas: replicas, ...settings }, mappings },
  });
};

const kept = 50;

/**
 * An index of a few documents, which must all be there at the end: for scenarios in which no client could go on
 * writing.
 */
export const writeKept = async (namespace: string, replicas: number): Promise<void> => {
  await newIndex(namespace, 'kept', { replicas });
  const body = Array.from({ length: kept }, (_, n) => `{"create":{}}\n{"n":${n}}\n`).join('');
  await esJson(namespace, 'POST', '/kept/_bulk?refresh=true', { body });
};

export const expectKept = async (namespace: string): Promise<void> => {
  const { count } = await esJson<{ count: number }>(namespace, 'GET', '/kept/_count');
  if (count !== kept) throw new Error(`of ${kept} documents ${count} are there`);
};
