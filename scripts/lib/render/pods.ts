// What Kubernetes takes, and what then makes no pod, or one that can't work.
import type { IContainer } from 'kubernetes-models/v1';
import { label } from '../objects.ts';
import { type RenderFinding, refusal } from './finding.ts';
import { allContainers, type ElasticsearchSet, podSpecOf } from './parts.ts';

const hostNetwork = (set: ElasticsearchSet): RenderFinding[] =>
  podSpecOf(set).hostNetwork === true
    ? [
        refusal(
          `${label(set)} has hostNetwork: true, which is not supported: a pod's hosts file is that of its Kubernetes ` +
            'node then, and does not name the pod. Namespaces that enforce Pod Security `restricted` or `baseline` ' +
            'refuse such pods, too',
        ),
      ]
    : [];

const LABELS = new Set(['app.kubernetes.io/name', 'app.kubernetes.io/instance']);

/** Selectors can't be changed later, and network policies select by the same labels. */
const selector = (set: ElasticsearchSet): RenderFinding[] => {
  const { matchLabels = {}, matchExpressions = [] } = set.spec?.selector ?? {};
  const others = Object.keys(matchLabels).filter((name) => !LABELS.has(name));
  const { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance } = matchLabels;
  if (others.length === 0 && matchExpressions.length === 0 && name === 'elasticsearch' && instance === 'reviews')
    return [];
  const found = others.length > 0 ? others.join(', ') : JSON.stringify(matchLabels);
  return [
    refusal(
      `the selector of ${label(set)} has been changed (${found}): nobody may change it later, and ` +
        'network policies would shut out clients without these labels. Use `labels:` without `includeSelectors` ' +
        '(with `includeTemplates: true` for the pods) in place of `commonLabels:`',
    ),
  ];
};

const mounts = ({ volumeMounts }: IContainer, volume: string): boolean =>
  (volumeMounts ?? []).some(({ name }) => name === volume);

/** In the order in which each needs those before it. */
const OURS = ['agent', 'prepare', 'node-keystore'];

const named = (names: readonly string[]): string => names.map((name) => `\`- name: ${name}\``).join(', ');

/** kustomize puts the init containers that a patch names before all others. */
const initOrder = (set: ElasticsearchSet): RenderFinding[] => {
  const names = (podSpecOf(set).initContainers ?? []).map(({ name }) => name);
  const ours = names.filter((name) => OURS.includes(name));
  const wanted = OURS.filter((name) => ours.includes(name));
  const early = ours.find((name, index) => name !== wanted[index]);
  if (early === undefined) return [];
  return [
    refusal(
      `the init containers of ${label(set)} are in the order ${names.join(', ')}: ${early} would wait in vain for ` +
        `what comes after it. A patch moves those that it names before all others: let it name ${named(wanted)}, in ` +
        'this order',
    ),
  ];
};

const beforePrepare = (set: ElasticsearchSet): RenderFinding[] => {
  const containers = podSpecOf(set).initContainers ?? [];
  const prepare = containers.findIndex(({ name }) => name === 'prepare');
  return containers
    .slice(0, Math.max(0, prepare))
    .filter((container) => mounts(container, 'config'))
    .map(({ name }) =>
      refusal(
        `init container ${name} of ${label(set)} mounts the volume "config" and stands before \`prepare\`, which ` +
          'empties it: what it writes there would be lost. Let the patch name `- name: agent`, `- name: prepare` ' +
          'before it and `- name: node-keystore` after it; or put entries of the keystore into Secret ' +
          'elasticsearch-keystore, which needs no container',
      ),
    );
};

const volumes = (set: ElasticsearchSet): RenderFinding[] => {
  const spec = podSpecOf(set);
  const known = new Set([
    ...(spec.volumes ?? []).map(({ name }) => name),
    ...(set.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name),
  ]);
  const missing = new Set(
    allContainers(spec).flatMap(({ volumeMounts }) =>
      (volumeMounts ?? []).map(({ name }) => name).filter((name) => !known.has(name)),
    ),
  );
  return [...missing].map((name) =>
    refusal(
      `${label(set)} has no volume and no claim template named "${name}", which its containers mount: ` +
        'a patch of volumeClaimTemplates replaces the list as a whole',
    ),
  );
};

export const podFindings = (set: ElasticsearchSet): RenderFinding[] => [
  ...hostNetwork(set),
  ...selector(set),
  ...initOrder(set),
  ...beforePrepare(set),
  ...volumes(set),
];
