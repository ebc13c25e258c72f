// The user's own commands and make deploy, in turn.
import { expect } from '@jest/globals';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { minorOf } from '../../../scripts/lib/check/version.ts';
import { apply, serverDiff } from '../../../scripts/lib/cluster/apply.ts';
import { serverVersion } from '../../../scripts/lib/cluster/kubectl.ts';
import { documentsOf, type KubernetesObject, parseManifests } from '../../../scripts/lib/objects.ts';
import { restartedSince, statefulSet } from '../harness/cluster.ts';
import { getJson, k, pods } from '../harness/kube.ts';
import { renderVariant, type Variant } from '../harness/render.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

const ways = {
  'kubectl apply': (text: string): Promise<string> => k(['apply', '-f', '-'], { input: text, seconds: 120 }),
  'kubectl apply --server-side': (text: string): Promise<string> =>
    k(['apply', '--server-side', '-f', '-'], { input: text, seconds: 120 }),
  'make deploy': (text: string): Promise<string> => apply(text, false).then(() => ''),
};
type Way = keyof typeof ways;

/** Each follows each. */
const order: readonly Way[] = [
  'kubectl apply',
  'kubectl apply --server-side',
  'make deploy',
  'kubectl apply',
  'make deploy',
  'kubectl apply --server-side',
  'kubectl apply',
];

/** What an administrator changes without a restart: a label, and how long a pod must have been ready. */
const changed = (variant: Variant, value: number, templateValue?: string): Variant => ({
  ...variant,
  patches: [
    { metadata: { name: 'elasticsearch', labels: { changed: `v${value}` } }, spec: { minReadySeconds: value } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'elasticsearch', labels: { changed: `v${value}` } } },
    ...(templateValue === undefined
      ? []
      : [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'reviews-setup' },
            spec: { template: { metadata: { annotations: { changed: templateValue } } } },
          },
        ]),
  ],
});

type Stored = KubernetesObject & { readonly metadata: { readonly resourceVersion: string } };

const versions = async (text: string): Promise<string[]> => {
  const { items } = JSON.parse(await k(['get', '-o', 'json', '-f', '-'], { input: text })) as { items: Stored[] };
  return items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`);
};

/** Controllers write down what they have seen; that comes to rest soon. */
const settled = (text: string): Promise<string[]> =>
  until('nothing written for 2 s', { seconds: 60 }, async () => {
    const first = await versions(text);
    await pause(2);
    return JSON.stringify(await versions(text)) === JSON.stringify(first) ? first : undefined;
  });

/** kubectl sends the selector of a budget at each apply, changed or not, and then calls it configured. */
const budgets = (text: string): string[] =>
  documentsOf(text)
    .flatMap((document) => parseManifests(document))
    .filter(({ kind }) => kind === 'PodDisruptionBudget')
    .map(({ metadata }) => `poddisruptionbudget.policy/${metadata.name} configured`)
    .sort();

/**
 * Kubernetes before 1.34 answers with an empty creationTimestamp in the claims' templates, a list that kubectl compares
 * as a whole: so the kubectl of that age sends it again and again, and nothing is written.
 */
const claimTemplates = async (): Promise<string[]> =>
  minorOf(await serverVersion()) < 34 ? ['statefulset.apps/elasticsearch configured'] : [];

const applyTwice = async (way: Way, text: string): Promise<void> => {
  await ways[way](text);
  const first = await settled(text);
  const said = (await ways[way](text)).trim().split('\n');
  if (way === 'kubectl apply')
    expect(said.filter((line) => !line.endsWith(' unchanged')).sort()).toEqual([
      ...budgets(text),
      ...(await claimTemplates()),
    ]);
  expect(await versions(text)).toEqual(first);
};

const revision = async (namespace: string): Promise<number> => {
  const { metadata } = await getJson<IDeployment>(['-n', namespace, 'deployment', 'reviews-setup']);
  return Number(metadata?.annotations?.['deployment.kubernetes.io/revision']);
};

export const applySequence: Scenario = {
  name: 'apply-sequence',
  does:
    'kubectl apply, kubectl apply --server-side and make deploy follow each other in any order, each with ' +
    'another value: no conflict, no restart; ' +
    'repeated, nothing changes',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 6,
  async run({ namespace, variant }) {
    const all = 'app.kubernetes.io/part-of=delivery-reviews';
    const before = await pods(namespace, all);
    const { updateRevision } = (await statefulSet(namespace))?.status ?? {};
    for (const [index, way] of order.entries()) {
      const { text } = await renderVariant(changed(variant, 6 + index));
      await applyTwice(way, text);
      expect((await statefulSet(namespace))?.spec?.minReadySeconds).toBe(6 + index);
      expect(await serverDiff(text)).toBe('');
      say(`  ${way}: nothing in its way`);
    }
    const after = await pods(namespace, all);
    expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    expect(restartedSince(before, after)).toEqual([]);
    expect((await statefulSet(namespace))?.status?.updateRevision).toBe(updateRevision);

    // A value of a pod template rolls its pods once, whoever applies it, and however often.
    const old = await revision(namespace);
    const { text } = await renderVariant(changed(variant, 6, 'once'));
    for (const way of Object.keys(ways) as Way[]) await ways[way](text);
    await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=90s'], { seconds: 100 });
    expect(await revision(namespace)).toBe(old + 1);
  },
};
