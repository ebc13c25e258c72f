// kustomize skips an exec function in silence where it is not allowed, and ignores a function's results. So each
// render is held against what follows from its numbers, as the function works it out. The annotation that the function
// leaves is not enough: a base may have it from an earlier run.
import { isElasticsearch, isStatefulSet, type KubernetesObject, label } from '../objects.ts';
import { quantityOf } from '../quantity.ts';
import { allContainers, type ElasticsearchSet, podNames, podSpecOf, seedHostsOf } from './parts.ts';
import { spreadFindings } from './spread.ts';

const proofAnnotation = 'delivery-reviews.dev/topology';
const wayOut =
  'List the topology folder under `transformers:` of the overlay that is rendered, not of a base or a component';

export const concernedSets = (objects: readonly KubernetesObject[]): ElasticsearchSet[] =>
  objects
    .filter(isStatefulSet)
    .filter((object) => isElasticsearch(object) || object.metadata.annotations?.[proofAnnotation] !== undefined);

/** What is wrong with a render; nothing, when the function ran with the final numbers. */
export const proofFindings = (objects: readonly KubernetesObject[]): string[] => {
  const concerned = concernedSets(objects);
  if (concerned.length === 0) return ['the render holds no StatefulSet labelled app.kubernetes.io/name: elasticsearch'];
  return concerned.flatMap((set) => {
    const proof = set.metadata.annotations?.[proofAnnotation];
    const seen = /(?:^| )replicas=(\d+)(?: |$)/.exec(proof ?? '')?.[1];
    if (seen === undefined)
      return [
        `the function did not run: it left no annotation ${proofAnnotation} on ${label(set)}. ` +
          'An overlay must list its topology folder under `transformers:`',
      ];
    const replicas = set.spec?.replicas ?? 1;
    if (seen !== String(replicas))
      return [
        `the function saw other numbers than were rendered: ${label(set)} has \`spec.replicas\` ${replicas}, ` +
          `its annotation ${proofAnnotation} says "${proof ?? ''}". ${wayOut}`,
      ];
    return [
      ...heapFindings(set, proof ?? ''),
      ...spreadFindings(set, proof ?? '').map((finding) => `${finding}. ${wayOut}`),
      ...seedHostFindings(set, objects),
    ];
  });
};

/** The heap that the annotation names is the one that is set, and the container still has twice that. */
const heapFindings = (set: ElasticsearchSet, proof: string): string[] => {
  const heap = /(?:^| )heap=(\d+m)(?: |$)/.exec(proof)?.[1];
  const spec = podSpecOf(set);
  const values = allContainers(spec).flatMap(({ env }) => (env ?? []).filter(({ name }) => name === 'HEAP_SIZE'));
  if (heap === undefined || values.length === 0 || values.some(({ value }) => value !== heap))
    return [
      `the heap of ${label(set)} is not the one that the function has worked out: HEAP_SIZE is ` +
        `${values.map(({ value }) => value ?? 'of another source').join(', ') || 'not set'}, its annotation ` +
        `${proofAnnotation} says "${proof}". Say spec.heap in the function's config. ${wayOut}`,
    ];
  const limit = spec.containers.find(({ name }) => name === 'elasticsearch')?.resources?.limits?.['memory'];
  // A container of another name is the function's affair.
  return limit === undefined || Number(heap.slice(0, -1)) * 2 <= quantityOf(limit) / 2 ** 20
    ? []
    : [
        `the function saw more memory than was rendered: ${label(set)} has a limit of ${limit}, and half of it is ` +
          `less than the heap of ${heap}. ${wayOut}`,
      ];
};

/** Each node is a seed host, by its own name in its own namespace. */
const seedHostFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): string[] => {
  const seeds = seedHostsOf(set, objects);
  if (seeds === undefined) return [`the pods of ${label(set)} mount no ConfigMap of this render with seed hosts`];
  const { namespace } = set.metadata;
  const service = set.spec?.serviceName ?? '';
  const domain = namespace === undefined ? service : `${service}.${namespace}.svc.`;
  const first = podNames(set).find(
    (pod) =>
      !seeds.hosts.some(
        (host) => host === `${pod}.${domain}` || (namespace !== undefined && host.startsWith(`${pod}.${domain}`)),
      ),
  );
  if (first === undefined) return [];
  const found = seeds.hosts.find((host) => host.startsWith(`${first}.`)) ?? 'none';
  return [
    `the seed hosts of ${label(set)} are of another name or namespace: pod ${first} is ${first}.${domain}…, and ` +
      `${label(seeds.map)} has ${found}. Its nodes would never find each other. ${wayOut}, with its \`namespace:\``,
  ];
};
