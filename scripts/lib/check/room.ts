// Is there room on the nodes for what is to be deployed? By requests, as the scheduler counts.
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { INode, IPod } from 'kubernetes-models/v1';
import { isStatefulSet, type KubernetesObject } from '../objects.ts';
import { quantityOf } from '../quantity.ts';
import { type Finding, isUsable, ok, warning } from './finding.ts';
import { type Amounts, requestsOf } from './requests.ts';

interface Wanted {
  readonly name: string;
  readonly replicas: number;
  readonly each: Amounts;
  /** No two of them on a node. */
  readonly oneEach: boolean;
}

type Workload = KubernetesObject & (IStatefulSet | IDeployment);

const isWorkload = (object: KubernetesObject): object is Workload =>
  isStatefulSet(object) || (object.kind === 'Deployment' && object.apiVersion.startsWith('apps/'));

const wantedBy = ({ metadata, spec }: Workload): Wanted => ({
  name: metadata.name,
  replicas: spec?.replicas ?? 1,
  each: requestsOf(spec?.template.spec),
  oneEach: (spec?.template.spec?.topologySpreadConstraints ?? []).some(
    ({ topologyKey, whenUnsatisfiable }) =>
      topologyKey === 'kubernetes.io/hostname' && whenUnsatisfiable === 'DoNotSchedule',
  ),
});

const isOver = ({ status }: IPod): boolean => ['Succeeded', 'Failed'].includes(status?.phase ?? '');

/** A StatefulSet owns its pods by its name, a Deployment by ReplicaSets whose names begin with it. */
const belongsTo =
  (workloads: readonly Workload[]) =>
  ({ metadata }: IPod): boolean =>
    workloads.some(
      (workload) =>
        workload.metadata.namespace === metadata?.namespace &&
        (metadata?.ownerReferences ?? []).some(({ kind, name }) =>
          kind === 'ReplicaSet' ? name.startsWith(`${workload.metadata.name}-`) : name === workload.metadata.name,
        ),
    );

/** What each node that takes pods has left, pods of `workloads` themselves not counted. */
const freeOf = (nodes: readonly INode[], pods: readonly IPod[], workloads: readonly Workload[]): Amounts[] => {
  const mine = belongsTo(workloads);
  const others = pods.filter((pod) => !isOver(pod) && !mine(pod));
  return nodes.filter(isUsable).map(({ metadata, status }) => {
    const taken = others.filter(({ spec }) => spec?.nodeName === metadata?.name).map(({ spec }) => requestsOf(spec));
    const left = (name: keyof Amounts): number =>
      quantityOf(status?.allocatable?.[name] ?? 0) - taken.reduce((sum, amounts) => sum + amounts[name], 0);
    return { memory: left('memory'), cpu: left('cpu') };
  });
};

/** Puts as many of them as fit onto the nodes, each where most memory is left; how many, and what is left then. */
const place = (
  { replicas, each, oneEach }: Wanted,
  free: readonly Amounts[],
): { readonly placed: number; readonly left: Amounts[] } => {
  const left = [...free];
  const used = new Set<number>();
  let placed = 0;
  for (; placed < replicas; placed += 1) {
    const fits = left.flatMap((node, i) =>
      node.memory >= each.memory && node.cpu >= each.cpu && !(oneEach && used.has(i)) ? [i] : [],
    );
    const best = fits.sort((a, b) => (left[b]?.memory ?? 0) - (left[a]?.memory ?? 0))[0];
    if (best === undefined) break;
    const node = left[best] as Amounts;
    left[best] = { memory: node.memory - each.memory, cpu: node.cpu - each.cpu };
    used.add(best);
  }
  return { placed, left };
};

const text = ({ memory, cpu }: Amounts): string =>
  `${Math.round(memory / 2 ** 20)} MiB and ${Math.round(cpu * 1000) / 1000} CPU`;
const plenty = Number.POSITIVE_INFINITY;

const shortage = (wanted: Wanted, free: readonly Amounts[]): string => {
  const by = (name: keyof Amounts): number =>
    place(
      wanted,
      free.map((node) => ({ memory: plenty, cpu: plenty, [name]: node[name] })),
    ).placed;
  return `by memory ${by('memory')} would fit, by CPU ${by('cpu')}`;
};

/**
 * One finding for each StatefulSet and Deployment that does not fit, or one that all do; the largest pods are placed
 * first.
 */
export const roomFindings = (
  objects: readonly KubernetesObject[],
  nodes: readonly INode[],
  pods: readonly IPod[],
): Finding[] => {
  const workloads = objects.filter(isWorkload);
  const wanted = workloads.map(wantedBy).sort((a, b) => b.each.memory - a.each.memory);
  let free = freeOf(nodes, pods, workloads);
  const findings: Finding[] = [];
  for (const one of wanted) {
    const { placed, left } = place(one, free);
    if (placed < one.replicas)
      findings.push(
        warning(
          `${one.name}: ${one.replicas} × ${text(one.each)} must fit on the nodes, but there is room for ${placed} ` +
            `(${shortage(one, free)}): the others will wait`,
        ),
      );
    free = left;
  }
  return findings.length > 0
    ? findings
    : [ok(`room for ${wanted.map(({ name, replicas, each }) => `${replicas} × ${name} (${text(each)})`).join(', ')}`)];
};
