// An overlay as components/monitoring/README.md writes it: what it adds, and to whom it fits.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type IPodMonitor,
  type IPrometheusRule,
  PodMonitor,
  PrometheusRule,
} from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap } from 'kubernetes-models/v1';
import { type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { schemaFindings } from '../policy/schema.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from '../render/harness.ts';
import { typeFindings } from '../support/type-findings.ts';

const { copy, remove } = copyOfCheckout();
afterAll(remove);

let objects: readonly KubernetesObject[] = [];
let before: ReadonlySet<string> = new Set();

beforeAll(async () => {
  const readme = readFileSync(join(root, 'components/monitoring/README.md'), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  mkdirSync(join(copy, 'overlays/watched'));
  writeFileSync(
    join(copy, 'overlays/watched/kustomization.yaml'),
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: parcels\nresources: [../prod]\n' +
      `transformers: [../prod/topology]\n${example}`,
  );
  objects = (await renderFolder('overlays/watched', copy)).objects;
  const names = (await renderFolder('overlays/prod', copy)).objects.map(label);
  before = new Set(names.map((name) => name.replace(/ reviews\b/, ' parcels')));
}, buildSeconds);

const named = (kind: string, name: string): KubernetesObject => {
  const found = objects.find((object) => object.kind === kind && object.metadata.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

const ofOperator = (): KubernetesObject[] =>
  objects.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));

test('adds these objects and no others', () => {
  const added = objects.map(label).filter((name) => !before.has(name));
  const changed = /^ConfigMap parcels\/(?:credentials-scripts|reviews-setup-index)-|^Namespace /;
  expect(
    added
      .filter((name) => !changed.test(name))
      .map((name) => name.replace(/^(ConfigMap .*)-[0-9a-z]{10}$/, '$1'))
      .sort(),
  ).toEqual([
    'ConfigMap parcels/elasticsearch-exporter',
    'ConfigMap parcels/reviews-probe',
    'Deployment parcels/elasticsearch-exporter',
    'Deployment parcels/reviews-probe',
    'NetworkPolicy parcels/agents-from-monitoring',
    'NetworkPolicy parcels/exporter-from-monitoring',
    'NetworkPolicy parcels/probe-from-monitoring',
    'NetworkPolicy parcels/setup-from-monitoring',
    'PodMonitor parcels/elasticsearch-agents',
    'PodMonitor parcels/elasticsearch-exporter',
    'PodMonitor parcels/elasticsearch-snapshots',
    'PodMonitor parcels/reviews-probe',
    'PodMonitor parcels/reviews-setup',
    'PrometheusRule parcels/elasticsearch-agents',
    'PrometheusRule parcels/elasticsearch-cluster',
    'PrometheusRule parcels/elasticsearch-nodes',
    'PrometheusRule parcels/elasticsearch-snapshots',
    'PrometheusRule parcels/elasticsearch-sources',
    'PrometheusRule parcels/reviews',
    'PrometheusRule parcels/reviews-objectives',
  ]);
});

test('every object is what the operator and Kubernetes ask for, and a misspelt field would be seen', async () => {
  const models = '@kubernetes-models/prometheus-operator';
  expect(await typeFindings(ofOperator(), models)).toEqual([]);
  for (const object of ofOperator())
    (object.kind === 'PodMonitor'
      ? new PodMonitor(object as unknown as IPodMonitor)
      : new PrometheusRule(object as unknown as IPrometheusRule)
    ).validate();
  const wrong = { ...named('PodMonitor', 'elasticsearch-agents'), spec: { podMetricsEndpoints: [], selectors: {} } };
  expect(await typeFindings([wrong], models)).toEqual([expect.stringContaining('selectors')]);
  const ofKubernetes = objects.filter((object) => !ofOperator().includes(object) && !before.has(label(object)));
  expect(await schemaFindings(ofKubernetes)).toEqual([]);
}, 180_000);

test('each PodMonitor finds a port of that name in the pods that it selects, and names the job of the rules', () => {
  const set = (named('StatefulSet', 'elasticsearch') as unknown as IStatefulSet).spec?.template;
  const deployment = (named('Deployment', 'elasticsearch-exporter') as unknown as IDeployment).spec?.template;
  for (const [name, template] of Object.entries({
    'elasticsearch-agents': set,
    'elasticsearch-exporter': deployment,
    'reviews-probe': (named('Deployment', 'reviews-probe') as unknown as IDeployment).spec?.template,
  })) {
    const { spec } = named('PodMonitor', name) as unknown as IPodMonitor;
    expect(template?.metadata?.labels).toMatchObject(spec.selector.matchLabels ?? { none: 'selected' });
    const containers = [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
    const ports = containers.flatMap(({ ports: all = [] }) => all.map((port) => port.name));
    const [endpoint] = spec.podMetricsEndpoints ?? [];
    expect(ports.filter((port) => port === endpoint?.port)).toHaveLength(1);
    const zone = '__meta_kubernetes_pod_label_topology_kubernetes_io_zone';
    expect(endpoint?.relabelings).toEqual([
      { targetLabel: 'job', replacement: name },
      ...(name === 'elasticsearch-agents' ? [{ sourceLabels: [zone], targetLabel: 'zone' }] : []),
    ]);
  }
});

test.each([
  ['elasticsearch-exporter', 'monitoring'],
  ['reviews-probe', 'probe'],
])('%s has its login, the authority and nothing else of a Secret, and no password in a variable', (name, user) => {
  const pod = (named('Deployment', name) as unknown as IDeployment).spec?.template.spec;
  expect(pod?.volumes?.flatMap(({ secret }) => (secret === undefined ? [] : [secret]))).toEqual([
    {
      secretName: `elasticsearch-user-${user}`,
      items: [
        { key: 'username', path: 'username' },
        { key: 'password', path: 'password' },
      ],
    },
    { secretName: 'elasticsearch-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
  ]);
  expect(pod?.containers[0]?.env?.filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([]);
  expect(pod?.automountServiceAccountToken).toBe(false);
});

test(
  '`credentials` makes their users, and without the components there are none',
  async () => {
    const tables = (named('ConfigMap', 'credentials-scripts') as unknown as IConfigMap).data ?? {};
    expect(tables['users-monitoring.txt']).toContain('\nmonitoring reviews-monitoring\n');
    expect(tables['users-probe.txt']).toContain('\nprobe reviews-probe\n');
    for (const user of ['monitoring', 'probe'])
      expect(JSON.stringify(named('Role', 'credentials'))).toContain(`"elasticsearch-user-${user}"`);
    const { text } = await renderFolder('overlays/prod', copy);
    expect(text).not.toMatch(/elasticsearch-user-(?:monitoring|probe)|elasticsearch-exporter|more-probe/);
    expect(text).not.toMatch(/^\s*\w+ reviews-(?:monitoring|probe)$/m);
  },
  buildSeconds,
);
