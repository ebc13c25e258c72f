import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { isElasticsearch, isStatefulSet, type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { run } from '../../scripts/lib/process.ts';
import { committedManifests, fileName, renderedFiles, renderedFolder } from '../../scripts/lib/render/committed.ts';
import { findKustomize } from '../../scripts/lib/render/kustomize.ts';
import { isKustomization, listOverlays } from '../../scripts/lib/render/overlays.ts';
import type { Rendered } from '../../scripts/lib/render/render.ts';
import { buildSeconds, renderFolder, root } from './harness.ts';

const deprecated = new Set([
  'bases',
  'commonLabels',
  'imageTags',
  'patchesJson6902',
  'patchesStrategicMerge',
  'vars',
  'configurations',
  'helmChartInflationGenerator',
]);

const kustomizations = ['base', 'components', 'overlays']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('kustomization.yaml'))
      .map((file) => join(folder, file)),
  );

describe.each(listOverlays(root))('overlay %s', (overlay) => {
  let rendered: Rendered;
  beforeAll(async () => {
    rendered = await renderFolder(`overlays/${overlay}`);
  }, buildSeconds);

  test('renders without a warning', () => {
    expect(rendered.warnings).toBe('');
  });

  test('renders the same bytes twice', async () => {
    expect((await renderFolder(`overlays/${overlay}`)).text).toBe(rendered.text);
  });

  test('holds no secret: no Secret object and no private key', () => {
    expect(rendered.objects.filter(({ kind }) => kind === 'Secret').map(label)).toEqual([]);
    expect(rendered.text).not.toMatch(/PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/);
  });

  test('leaves nothing of the function, and nothing of kustomize, in the manifests', () => {
    expect(rendered.objects.filter(({ kind }) => kind === 'ElasticsearchTopology' || kind === 'Kustomization')).toEqual(
      [],
    );
    expect(rendered.text).not.toContain('internal.config.kubernetes.io');
    expect(rendered.text).not.toContain('config.kubernetes.io/function');
  });

  test('puts everything that has a namespace into one of its own', () => {
    const clusterWide = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass', 'StorageClass']);
    const namespaces = rendered.objects
      .filter(({ kind }) => !clusterWide.has(kind))
      .map(({ metadata }) => metadata.namespace);
    expect(new Set(namespaces).size).toBe(1);
    expect(namespaces[0]).toBeDefined();
  });

  test('labels every object as part of delivery-reviews', () => {
    const without = rendered.objects.filter(
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/part-of'] !== 'delivery-reviews',
    );
    expect(without.map(label)).toEqual([]);
  });
});

test(
  'dev and prod share no name: deploying one can never change the other',
  async () => {
    const identity = ({ kind, metadata }: KubernetesObject): string =>
      `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
    const dev = (await renderFolder('overlays/dev')).objects.map(identity);
    const prod = new Set((await renderFolder('overlays/prod')).objects.map(identity));
    expect(dev.filter((name) => prod.has(name))).toEqual([]);
  },
  buildSeconds,
);

test(
  'prod keeps the claims of its data, dev deletes them',
  async () => {
    const policy = async (overlay: string) =>
      (await renderFolder(`overlays/${overlay}`)).objects.filter(isStatefulSet).find(isElasticsearch)?.spec
        ?.persistentVolumeClaimRetentionPolicy;
    expect(await policy('prod')).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    expect(await policy('dev')).toEqual({ whenDeleted: 'Delete', whenScaled: 'Delete' });
  },
  buildSeconds,
);

test.each(kustomizations)('%s uses no deprecated field', (file) => {
  const fields = Object.keys(load(readFileSync(join(root, file), 'utf8')) as object);
  expect(fields.filter((field) => deprecated.has(field))).toEqual([]);
});

test('there is a folder under rendered/ for every overlay, and no other', () => {
  expect(readdirSync(renderedFolder()).sort()).toEqual(listOverlays(root));
});

describe.each(listOverlays(root))('rendered/%s', (overlay) => {
  test(
    'is current, file by file; "make rendered" renews it',
    async () => {
      const folder = renderedFolder(overlay);
      const there = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
      const { text } = await renderFolder(`overlays/${overlay}`);
      expect(Object.fromEntries(there)).toEqual(Object.fromEntries(renderedFiles(overlay, text)));
      expect(committedManifests(overlay)).toBe(text);
    },
    buildSeconds,
  );

  test(
    'is built by kustomize alone, without a plugin, to the bytes of the overlay',
    async () => {
      const { text } = await renderFolder(`overlays/${overlay}`);
      expect(await run(await findKustomize(), ['build', renderedFolder(overlay)], { seconds: 60 })).toEqual({
        code: 0,
        stdout: text,
        stderr: '',
      });
    },
    buildSeconds,
  );
});

describe('the file of an object', () => {
  const named = (kind: string, name: string): string => fileName({ apiVersion: 'v1', kind, metadata: { name } });

  test('keeps its name when the hash of a generated name changes, and only then', () => {
    expect(named('ConfigMap', 'elasticsearch-config-f2b9k4tm57')).toBe('configmap-elasticsearch-config.yaml');
    expect(named('ConfigMap', 'elasticsearch-membership')).toBe('configmap-elasticsearch-membership.yaml');
    expect(named('StatefulSet', 'a-f2b9k4tm57')).toBe('statefulset-a-f2b9k4tm57.yaml');
    expect(named('ClusterRole', 'team:lookup.reviews')).toBe('clusterrole-team-lookup.reviews.yaml');
  });

  test('is its own: two objects in one are an error, and none is lost', () => {
    const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
    expect(() => renderedFiles('dev', `${map('x-f2b9k4tm57')}---\n${map('x-kkkkkkkkkk')}`)).toThrow(
      'two objects would be in rendered/dev/configmap-x.yaml',
    );
  });
});

test('every folder under overlays/ is an overlay', () => {
  const folders = readdirSync(join(root, 'overlays'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.filter(({ name }) => !isKustomization(join(root, 'overlays', name)))).toEqual([]);
});
