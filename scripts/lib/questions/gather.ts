// Reads all that is judged of a cluster that runs. Each answer by itself: what may not be read, or does not answer,
// takes none of the others away. Elasticsearch is asked with the agents' login, which stays in its pod.

import type { Standing } from '../check/standing.ts';
import { whyUnanswered } from '../cluster/agent-status.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type ClusterStatus, lookAtStatus } from '../cluster/status.ts';
import { isNode, isOurs, type Target } from '../cluster/target.ts';
import type { KubernetesObject } from '../objects.ts';
import { parsed } from '../shape.ts';
import { snapshotsIn } from '../snapshots/program.ts';
import { QUESTIONS, readCluster } from './answers.ts';
import { askElasticsearch } from './ask.ts';
import { type Disk, MEASURE, readDisk } from './disk.ts';
import type { Facts } from './facts.ts';
import { from, type Known, known, look, unknown } from './known.ts';
import { type Granted, grantedBy } from './kubelets.ts';
import { READ_METRICS } from './snapshots.ts';

const SECONDS = 30;

/** Asks each of them, all at once. */
const each = async <Value>(
  names: readonly string[],
  ask: (name: string) => Promise<Known<Value>>,
): Promise<ReadonlyMap<string, Known<Value>>> =>
  new Map(await Promise.all(names.map(async (name) => [name, await ask(name)] as const)));

const diskOf = async (namespace: string, pod: string): Promise<Known<Disk>> => {
  const args = ['-n', namespace, 'exec', pod, '-c', 'elasticsearch', '--', ...MEASURE];
  const done = await kubectl(args, { seconds: SECONDS });
  return done.code === 0 ? look(() => readDisk(done.stdout)) : unknown(whyUnanswered(done, SECONDS));
};

const grantOf = async (node: string): Promise<Known<number>> => {
  const done = await kubectl(['get', '--raw', `/api/v1/nodes/${node}/proxy/configz`], { seconds: SECONDS });
  return done.code === 0
    ? look(() => grantedBy(parsed(done.stdout, 'what the kubelet says')))
    : unknown(whyUnanswered(done, SECONDS));
};

/** Of the machines that have these pods. A right of its own, to the kubelets, that only administrators should have. */
export const grantsOf = (nodes: Facts['nodes']): Promise<Granted> =>
  each([...new Set(nodes.flatMap(({ spec }) => spec?.nodeName ?? []))].sort(), grantOf);

const snapshotsOf = async (namespace: string, objects: readonly KubernetesObject[]): Promise<Facts['snapshots']> => {
  const program = await look(() => snapshotsIn(objects));
  if (!program.known) return program;
  if (program.value === undefined) return undefined;
  const { name } = program.value;
  const args = ['-n', namespace, 'exec', `deployment/${name}`, '-c', 'snapshots', '--', ...READ_METRICS];
  const done = await kubectl(args, { seconds: SECONDS });
  return done.code === 0 ? known(done.stdout) : unknown(whyUnanswered(done, SECONDS));
};

/** The StatefulSet must be there. */
export const gather = async (
  objects: readonly KubernetesObject[],
  target: Target,
  { statefulSet, pods: all, claims }: Standing & { readonly statefulSet: NonNullable<Standing['statefulSet']> },
): Promise<Facts> => {
  const { namespace } = target;
  const nodes = all.filter(isNode(target));
  const names = nodes.flatMap(({ metadata }) => metadata?.name ?? []);
  const [answered, status, disks, snapshots] = await Promise.all([
    askElasticsearch(namespace, nodes, QUESTIONS),
    look((): Promise<ClusterStatus> => lookAtStatus(target)),
    each(names, (pod) => diskOf(namespace, pod)),
    snapshotsOf(namespace, objects),
  ]);
  return {
    rendered: target.statefulSet,
    statefulSet,
    claims,
    nodes,
    pods: all.filter(isOurs(target)),
    status,
    certificateEnds: await from(answered, ({ certificateEnds }) => certificateEnds),
    cluster: await readCluster(answered),
    disks,
    snapshots,
    now: Date.now(),
  };
};
