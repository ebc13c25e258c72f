// One list of all images: what the cluster pulls comes from the user's registry, with the user's login.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import { isStatefulSet, type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { isKustomization } from '../../scripts/lib/render/overlays.ts';
import type { Rendered } from '../../scripts/lib/render/render.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from './harness.ts';

type Workload = KubernetesObject & (IDeployment | IStatefulSet | ICronJob);
const isWorkload = (object: KubernetesObject): object is Workload =>
  isStatefulSet(object) || ['Deployment', 'DaemonSet', 'Job', 'CronJob'].includes(object.kind);

// Of the two places for snapshots an overlay has one.
const apart = new Set(['node-sysctl', 'registry', 'snapshots', 'snapshots-s3']);
const components = readdirSync(join(root, 'components')).filter(
  (name) => isKustomization(join(root, 'components', name)) && !apart.has(name),
);

let rendered: Rendered;
let remove: () => void = () => undefined;
beforeAll(async () => {
  const checkout = copyOfCheckout();
  ({ remove } = checkout);
  const folder = join(checkout.copy, 'overlays/mirrored');
  mkdirSync(folder);
  cpSync(join(checkout.copy, 'components/registry'), join(folder, 'registry'), { recursive: true });
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\nresources: [../../base]\n' +
      `components: [${components.map((name) => `../../components/${name}`).join(', ')}]\n` +
      // A version of the overlay's own, by the original names.
      'images:\n- {name: docker.elastic.co/elasticsearch/elasticsearch, newTag: 9.5.4}\n' +
      '- {name: docker.elastic.co/kibana/kibana, newTag: 9.5.4}\n' +
      'transformers: [../../components/zone-lookup/names, ../prod/topology, ' +
      '../../components/cert-manager/names, registry]\n',
  );
  rendered = await renderFolder('overlays/mirrored', checkout.copy);
}, buildSeconds);
afterAll(() => remove());

const podOf = ({ spec }: Workload): IPodSpec | undefined => {
  if (spec === undefined) return undefined;
  return 'jobTemplate' in spec ? spec.jobTemplate.spec?.template.spec : spec.template.spec;
};

const imagesIn = (object: Workload): string[] => {
  const { initContainers = [], containers } = podOf(object) ?? { containers: [] };
  return [...initContainers, ...containers].map(({ image = '' }) => image);
};

test('every image comes from the mirror, with the version that the overlay names', () => {
  const images = new Set(rendered.objects.filter(isWorkload).flatMap(imagesIn));
  expect([...images].sort()).toEqual([
    'registry.example.com/elasticsearch/elasticsearch:9.5.4',
    'registry.example.com/kibana/kibana:9.5.4',
    'registry.example.com/library/node:24-slim',
    'registry.example.com/prometheuscommunity/elasticsearch-exporter:v1.11.0',
  ]);
});

test('every pod has the login', () => {
  const workloads = rendered.objects.filter(isWorkload);
  expect(workloads.length).toBeGreaterThan(3);
  const without = workloads.filter(
    (object) => podOf(object)?.imagePullSecrets?.some(({ name }) => name === 'registry') !== true,
  );
  expect(without.map(label)).toEqual([]);
});

test('the README lists the images that the transformers know', () => {
  const read = (file: string): string => readFileSync(join(root, 'components/registry', file), 'utf8');
  const names = [...read('images.yaml').matchAll(/^ {2}name: (\S+\/\S+|node)$/gm)].map(([, name]) => name);
  const listed = [...read('README.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(new Set(names));
});
