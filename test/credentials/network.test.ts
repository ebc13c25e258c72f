// The paths that the rendered policies open. That a real network holds them is shown in test/cluster.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from '../render/harness.ts';
import { allows, type End } from './support/paths.ts';

const ports = [53, 80, 443, 5353, 5601, 6443, 8443, 9114, 9200, 9300, 9394, 9395, 9396, 9398, 9399, 16443];

const inNamespace =
  (namespace: string, namespaceLabels: Readonly<Record<string, string>> = {}) =>
  (name: string, labels: Readonly<Record<string, string>> = {}): End => ({
    name,
    namespace,
    labels,
    namespaceLabels: { 'kubernetes.io/metadata.name': namespace, ...namespaceLabels },
  });

const ours = inNamespace('reviews');
const part = (name: string, labels: Readonly<Record<string, string>> = {}): End =>
  ours(name, {
    ...labels,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': 'reviews',
    'app.kubernetes.io/part-of': 'delivery-reviews',
  });
const client = { 'delivery-reviews.dev/elasticsearch-client': 'true' };

const ends: readonly End[] = [
  ...['elasticsearch', 'credentials', 'kibana', 'reviews-setup', 'kibana-authority'].map((name) => part(name)),
  ...['reviews-erase', 'elasticsearch-exporter', 'reviews-probe'].map((name) => part(name, client)),
  ours('client', client),
  ours('stranger'),
  inNamespace('shop', client)('shop-client', client),
  inNamespace('shop', client)('shop-stranger'),
  inNamespace('lab')('lab-client', client),
  inNamespace('monitoring')('prometheus'),
  inNamespace('figures', { 'delivery-reviews.dev/monitoring': 'true' })('other-prometheus'),
  inNamespace('gateways', { 'delivery-reviews.dev/kibana-client': 'true' })('gateway'),
  inNamespace('kube-system')('dns', { 'k8s-app': 'kube-dns' }),
  inNamespace('kube-system')('beside-dns'),
  { name: 'node-local-dns', labels: {}, namespaceLabels: {}, address: '169.254.20.10' },
  { name: 'api-server', labels: {}, namespaceLabels: {}, address: '10.0.0.1' },
  { name: 'elsewhere', labels: {}, namespaceLabels: {}, address: '203.0.113.1' },
];

const isOurs = ({ namespace }: End): boolean => namespace === 'reviews';
const inside = ends.filter(isOurs).map(({ name }) => name);
const outside = ends.filter((end) => !isOurs(end)).map(({ name }) => name);
/** Of API servers. */
const apiPorts = [443, 6443, 8443, 16443];

let policies: INetworkPolicy[] = [];
const policiesIn = (objects: readonly KubernetesObject[]): INetworkPolicy[] =>
  objects.filter((object): object is KubernetesObject & INetworkPolicy => object.kind === 'NetworkPolicy');
const text = async (overlay: string): Promise<INetworkPolicy[]> =>
  policiesIn((await renderFolder(`overlays/${overlay}`)).objects);

/** An overlay on prod, with these lines more. */
const renderOnProd = async (lines: string): Promise<readonly KubernetesObject[]> => {
  const { copy, remove } = copyOfCheckout();
  try {
    mkdirSync(join(copy, 'overlays/on-prod'));
    writeFileSync(
      join(copy, 'overlays/on-prod/kustomization.yaml'),
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\n' +
        `resources: [../prod]\ntransformers: [../prod/topology]\n${lines}`,
    );
    return (await renderFolder('overlays/on-prod', copy)).objects;
  } finally {
    remove();
  }
};

beforeAll(async () => {
  policies = await text('prod');
}, buildSeconds);

/** Of all pairs in which one end is ours; "from to port". */
const open = (by = policies): string[] =>
  ends.flatMap((from) =>
    ends
      .filter((to) => isOurs(from) || isOurs(to))
      .flatMap((to) =>
        ports.filter((port) => allows(by, from, to, port)).map((port) => `${from.name} ${to.name} ${port}`),
      ),
  );

test('exactly these paths are open', () => {
  // Neither DNS nor the API server can be selected everywhere alike, so their ports are open to wherever no policy of
  // the other end forbids them.
  const towards = (from: readonly string[], its: readonly number[]): string[] =>
    from.flatMap((name) => outside.flatMap((other) => its.map((port) => `${name} ${other} ${port}`)));
  const towardsNames = towards(inside, [53, 5353]);
  const towardsKubernetes = towards(['elasticsearch', 'credentials'], apiPorts);
  expect(open().sort()).toEqual(
    [
      'elasticsearch elasticsearch 9300',
      'client elasticsearch 9200',
      'credentials elasticsearch 9200',
      'kibana elasticsearch 9200',
      'reviews-setup elasticsearch 9200',
      'reviews-erase elasticsearch 9200',
      'shop-client elasticsearch 9200',
      'reviews-setup kibana 5601',
      'gateway kibana 5601',
      'credentials kibana 5601',
      'elasticsearch-exporter elasticsearch 9200',
      'reviews-probe elasticsearch 9200',
      ...towardsNames,
      ...towardsKubernetes,
    ].sort(),
  );
});

/** What a component adds to prod: its objects, and the paths that were not open before. */
const withComponent = async (
  component: string,
): Promise<{ readonly objects: readonly KubernetesObject[]; readonly added: readonly string[] }> => {
  const objects = await renderOnProd(`components: [../../components/${component}]\n`);
  const before = new Set(open());
  return { objects, added: open(policiesIn(objects)).filter((path) => !before.has(path)) };
};

test(
  'components/agent-metrics opens one more, for namespaces with the label and no other pod',
  async () => {
    const { objects, added } = await withComponent('agent-metrics');
    expect(added).toEqual(['other-prometheus elasticsearch 9398']);
    const set = JSON.stringify(objects.find(({ kind }) => kind === 'StatefulSet'));
    expect(set).toContain('{"name":"METRICS_PORT","value":"9398"}');
    expect(set).toContain('"ports":[{"containerPort":9398,"name":"metrics"}]');
  },
  buildSeconds,
);

test.each([
  ['monitoring', ['elasticsearch-exporter 9114']],
  ['reviews-probe', ['reviews-probe 9394']],
  ['setup-metrics', ['reviews-setup 9395', 'reviews-setup 9396']],
])(
  'components/%s opens no more than %j, for namespaces with the label and no other pod',
  async (component, opened) => {
    const { added } = await withComponent(component);
    expect([...added].sort()).toEqual(opened.map((port) => `other-prometheus ${port}`));
  },
  buildSeconds,
);

test(
  'components/gateway lets its program reach the API server, and opens nothing else',
  async () => {
    const { added } = await withComponent('gateway');
    const ways = outside.flatMap((name) => apiPorts.map((port) => `kibana-authority ${name} ${port}`));
    expect([...added].sort()).toEqual(ways.sort());
  },
  buildSeconds,
);

test(
  'the two patches of docs/security.md close the ways to anywhere, and leave those to the two addresses in them',
  async () => {
    const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
    const [block = ''] =
      /(?:^ {4}.*\n)*^ {4}- target: \{ kind: NetworkPolicy, name: dns \}\n(?:^ {4}.*\n)*/m.exec(page) ?? [];
    const closed = policiesIn(await renderOnProd(`patches:\n${block}`));
    const outwards = open(closed).filter((path) => outside.includes(path.split(' ')[1] ?? ''));
    expect(outwards.sort()).toEqual(
      [
        ...inside.flatMap((name) => [53, 5353].map((port) => `${name} dns ${port}`)),
        ...['elasticsearch', 'credentials'].flatMap((name) => apiPorts.map((port) => `${name} api-server ${port}`)),
      ].sort(),
    );
    // Over the protocol of most questions, too.
    const [node, dns, elsewhere] = ['elasticsearch', 'dns', 'elsewhere'].map((name) =>
      ends.find((end) => end.name === name),
    );
    if (node === undefined || dns === undefined || elsewhere === undefined) throw new Error('an end is missing');
    expect(allows(closed, node, dns, 53, 'UDP')).toBe(true);
    expect(allows(policies, node, elsewhere, 53, 'UDP')).toBe(true);
    expect(allows(closed, node, elsewhere, 53, 'UDP')).toBe(false);
  },
  buildSeconds,
);

test('names are asked for over both protocols', () => {
  for (const from of ends.filter(isOurs))
    for (const to of ends.filter(({ name }) => name === 'dns'))
      expect(allows(policies, from, to, 53, 'UDP')).toBe(true);
});

test('without the policy that closes the namespace, a stranger would go where he likes', () => {
  const stranger = ours('stranger');
  const anywhere: End = { name: 'outside', labels: {}, namespaceLabels: {}, address: '203.0.113.1' };
  expect(allows(policies, stranger, anywhere, 443)).toBe(false);
  expect(
    allows(
      policies.filter(({ metadata }) => !['closed', 'dns'].includes(metadata?.name ?? '')),
      stranger,
      anywhere,
      443,
    ),
  ).toBe(true);
});

test(
  'dev has the same policies',
  async () => {
    const names = (list: readonly INetworkPolicy[]): string[] =>
      list.map(({ metadata }) => metadata?.name ?? '').sort();
    expect(names(await text('dev'))).toEqual(names(policies));
  },
  buildSeconds,
);

test(
  'each policy selects by labels that the rendered pods have',
  async () => {
    const { objects } = await renderFolder('overlays/prod');
    interface Template {
      readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
    }
    const labelsOf = (object: object): Readonly<Record<string, string>> => {
      const { spec } = object as { spec?: Template & { jobTemplate?: { spec?: Template } } };
      return (spec?.template ?? spec?.jobTemplate?.spec?.template)?.metadata?.labels ?? {};
    };
    const rendered = objects.filter(({ kind }) => ['StatefulSet', 'Deployment', 'CronJob'].includes(kind));
    expect(rendered.length).toBeGreaterThan(1);
    for (const workload of rendered) {
      const name = workload.metadata.name;
      const known = ends.find((end) => end.name === name);
      expect({ name, labels: labelsOf(workload) }).toEqual({
        name,
        labels: expect.objectContaining(known?.labels ?? { unknown: 'to this test' }),
      });
    }
  },
  buildSeconds,
);
