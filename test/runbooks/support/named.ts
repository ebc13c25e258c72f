// What a command of kubectl names, and whether manifests have it.
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IConfigMap, IPodTemplateSpec } from 'kubernetes-models/v1';
import { isElasticsearch, isStatefulSet, type KubernetesObject } from '../../../scripts/lib/objects.ts';

const AGENT = '/opt/elasticsearch/agent/';

const templatesOf = (objects: readonly KubernetesObject[]): IPodTemplateSpec[] =>
  objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .flatMap((object) => (object as unknown as IDeployment | IStatefulSet).spec?.template ?? []);

/** Objects that programs make, by the rights that they have to these names. */
const made = (objects: readonly KubernetesObject[], resource: string): string[] =>
  objects
    .filter(({ kind }) => kind === 'Role')
    .flatMap((role) => (role as unknown as IRole).rules ?? [])
    .filter(({ resources = [] }) => resources.includes(resource))
    .flatMap(({ resourceNames = [] }) => resourceNames);

const KINDS = ['configmap', 'secret', 'certificate', 'deployment', 'pod', 'pvc'] as const;

/** Names of an object that the words have, as "kind/name". */
const objectsIn = (words: readonly string[]): string[] => {
  const before = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length);
  return before.flatMap((word, i) => {
    const next = before[i + 1] ?? '-';
    if (/^[a-z]+\/[\w-]+$/.test(word)) return word;
    if (KINDS.some((kind) => kind === word) && !next.startsWith('-')) return `${word}/${next}`;
    if (/^elasticsearch-\d+$/.test(word) && !KINDS.some((kind) => kind === before[i - 1])) return `pod/${word}`;
    return [];
  });
};

const isThere = (objects: readonly KubernetesObject[], name: string): boolean => {
  const [kind = '', of = ''] = name.split('/');
  const set = objects.filter(isStatefulSet).find(isElasticsearch);
  const pods = Array.from({ length: set?.spec?.replicas ?? 0 }, (_, i) => `elasticsearch-${i}`);
  const claims = (set?.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? '');
  // Of the StatefulSet, or one that a page makes. The agents' right to names of pods makes none.
  if (kind === 'pod')
    return pods.includes(of) || objects.some((object) => object.kind === 'Pod' && object.metadata.name === of);
  if (kind === 'pvc') return claims.some((claim) => pods.some((pod) => of === `${claim}-${pod}`));
  const rendered = objects.some(
    (object) => object.kind.toLowerCase() === kind && object.metadata.name.replace(/-[0-9a-z]{10}$/, '') === of,
  );
  return rendered || made(objects, `${kind}s`).includes(of);
};

const valueOf = (words: readonly string[], flag: string): string | undefined =>
  words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;

/** Files of the agent, as an exec names them. */
const filesIn = (words: readonly string[]): string[] =>
  words.filter((word) => word.startsWith(AGENT)).map((word) => word.slice(AGENT.length));

/** What a command names and the manifests do not have. */
export const unknownIn = (objects: readonly KubernetesObject[], words: readonly string[]): string[] => {
  const templates = templatesOf(objects);
  const named = objectsIn(words);
  const container = named.some((name) => name.startsWith('pod/')) ? valueOf(words, '-c') : undefined;
  const [labelName = '', labelValue] = valueOf(words, '-l')?.split('=') ?? [];
  const set = objects.filter(isStatefulSet).find(isElasticsearch);
  const containers = [
    ...(set?.spec?.template.spec?.initContainers ?? []),
    ...(set?.spec?.template.spec?.containers ?? []),
  ].map(({ name }) => name);
  const ofAgent = objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('elasticsearch-agent'),
  );
  const files = new Set(ofAgent.flatMap((object) => Object.keys((object as unknown as IConfigMap).data ?? {})));
  return [
    ...named.filter((name) => !isThere(objects, name)),
    ...(container === undefined || containers.includes(container) ? [] : [`container ${container}`]),
    ...(labelName === '' || templates.some(({ metadata }) => metadata?.labels?.[labelName] === labelValue)
      ? []
      : [`label ${labelName}`]),
    ...filesIn(words).filter((file) => !files.has(file)),
  ];
};
