// Overlays with components/snapshots-fs and components/snapshots-s3, on dev and on prod: what they add, and what they
// do not change.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IConfigMap, IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { repositoryOf } from '../../components/snapshots/program/repository-file.ts';
import { type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { namesToSave } from '../../scripts/lib/secrets/saved.ts';
import { programOf, snapshotsIn } from '../../scripts/lib/snapshots/program.ts';
import { stillHeld } from '../../scripts/lib/snapshots/still-held.ts';
import { schemaFindings } from '../policy/schema.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from '../render/harness.ts';

const { copy, remove } = copyOfCheckout();
afterAll(remove);

const write = (name: string, text: string): string => {
  mkdirSync(join(copy, 'overlays', name), { recursive: true });
  writeFileSync(join(copy, 'overlays', name, 'kustomization.yaml'), text);
  return `overlays/${name}`;
};

const overlayOn = (below: string, components: readonly string[]): string =>
  'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: parcels\n' +
  `resources: [../${below}]\ncomponents: [${components.map((name) => `../../components/${name}`).join(', ')}]\n` +
  `transformers: [../${below}/topology]\n`;

const find = (objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject => {
  const found = objects.find((object) => object.kind === kind && object.metadata.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

test('every file of the program is in its ConfigMap', () => {
  const folder = join(root, 'components/snapshots');
  const kustomization = readFileSync(join(folder, 'kustomization.yaml'), 'utf8');
  const listed = [...kustomization.matchAll(/^ +- program\/(\S+)$/gm)].map(([, file]) => file);
  expect(listed).toEqual(readdirSync(join(folder, 'program')).sort());
});

describe.each(['dev', 'prod'])('on %s', (below) => {
  let before: readonly KubernetesObject[] = [];
  const rendered = new Map<string, readonly KubernetesObject[]>();
  const of = (component: string): readonly KubernetesObject[] => rendered.get(component) ?? [];

  beforeAll(async () => {
    before = (await renderFolder(write(`plain-${below}`, overlayOn(below, [])), copy)).objects;
    for (const component of ['snapshots-fs', 'snapshots-s3']) {
      const folder = write(`${component}-${below}`, overlayOn(below, [component]));
      rendered.set(component, (await renderFolder(folder, copy)).objects);
    }
  }, buildSeconds * 3);

  const withoutHash = (name: string): string => name.replace(/^(ConfigMap .*)-[0-9a-z]{10}$/, '$1');

  test.each([
    ['snapshots-fs', ['PersistentVolumeClaim parcels/elasticsearch-snapshots']],
    ['snapshots-s3', ['NetworkPolicy parcels/nodes-to-bucket']],
  ])(
    '%s adds these objects, takes none away, and all are what Kubernetes asks for',
    async (component, own) => {
      const names = (objects: readonly KubernetesObject[]): string[] => objects.map(label).map(withoutHash);
      const was = names(before);
      const is = names(of(component));
      expect(was.filter((name) => !is.includes(name))).toEqual([]);
      expect(is.filter((name) => !was.includes(name)).sort()).toEqual(
        [
          'ConfigMap parcels/elasticsearch-repository',
          'ConfigMap parcels/elasticsearch-snapshots',
          'Deployment parcels/elasticsearch-snapshots',
          'NetworkPolicy parcels/snapshots-from-monitoring',
          ...own,
        ].sort(),
      );
      expect(await schemaFindings(of(component))).toEqual([]);
    },
    180_000,
  );

  test('every node has the shared file system where its setting says, and writes nowhere else', () => {
    const objects = of('snapshots-fs');
    const { spec } = find(objects, 'StatefulSet', 'elasticsearch') as unknown as IStatefulSet;
    const pod = spec?.template.spec;
    const mount = pod?.containers[0]?.volumeMounts?.find(({ name }) => name === 'snapshots');
    expect(pod?.volumes).toContainEqual({
      name: 'snapshots',
      persistentVolumeClaim: { claimName: 'elasticsearch-snapshots' },
    });
    const settings = (find(objects, 'ConfigMap', 'elasticsearch-config') as unknown as IConfigMap).data ?? {};
    expect(settings['snapshots-fs.yml']).toContain(`path.repo: [${mount?.mountPath}]`);
    const file = (find(objects, 'ConfigMap', 'elasticsearch-repository') as unknown as IConfigMap).data ?? {};
    const { settings: where } = repositoryOf(file['repository.json'] ?? '', 'parcels');
    expect(where['location']).toBe(`${mount?.mountPath}/parcels`);
    const claim = find(
      objects,
      'PersistentVolumeClaim',
      'elasticsearch-snapshots',
    ) as unknown as IPersistentVolumeClaim;
    expect(claim.spec?.accessModes).toEqual(['ReadWriteMany']);
  });

  test('with a bucket no node has a volume more, and no key is in the manifests', () => {
    const pod = (objects: readonly KubernetesObject[]): unknown =>
      (find(objects, 'StatefulSet', 'elasticsearch') as unknown as IStatefulSet).spec?.template.spec?.containers;
    expect(pod(of('snapshots-s3'))).toEqual(pod(before));
    const texts = ['elasticsearch-config', 'elasticsearch-repository'].map((name) =>
      find(of('snapshots-s3'), 'ConfigMap', name),
    );
    expect(JSON.stringify(texts)).not.toMatch(/access_key|secret_key/i);
  });

  test.each(['snapshots-fs', 'snapshots-s3'])(
    'with %s the program has its login and the authority, and no more',
    (component) => {
      const { spec } = find(of(component), 'Deployment', 'elasticsearch-snapshots') as unknown as IDeployment;
      const pod = spec?.template.spec;
      expect(pod?.volumes?.flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName]))).toEqual([
        'elasticsearch-user-snapshots',
        'elasticsearch-tls',
      ]);
      expect(pod?.automountServiceAccountToken).toBe(false);
      expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
      const { spec: policy } = find(
        of(component),
        'NetworkPolicy',
        'snapshots-from-monitoring',
      ) as unknown as INetworkPolicy;
      expect(spec?.template.metadata?.labels).toMatchObject(policy?.podSelector?.matchLabels ?? { none: 'selected' });
      const ports = pod?.containers[0]?.ports?.map(({ containerPort }) => containerPort);
      expect(policy?.ingress?.[0]?.ports?.map(({ port }) => port)).toEqual(ports);
      expect(pod?.containers[0]?.env).toContainEqual({ name: 'METRICS_PORT', value: String(ports?.[0]) });
    },
  );

  test('`credentials` makes its user, and without the component there is none', () => {
    const tables = (find(of('snapshots-fs'), 'ConfigMap', 'credentials-scripts') as unknown as IConfigMap).data ?? {};
    expect(tables['users-snapshots.txt']).toContain('\nsnapshots reviews-snapshots\n');
    expect(namesToSave(of('snapshots-fs'))).toContain('elasticsearch-user-snapshots');
    expect(JSON.stringify(before)).not.toMatch(/elasticsearch-user-snapshots|elasticsearch-repository/);
  });

  test('the commands find the program, and only where there is one', () => {
    expect(programOf(of('snapshots-s3'))).toEqual({ name: 'elasticsearch-snapshots', keepDays: 14 });
    expect(snapshotsIn(before)).toBeUndefined();
    expect(() => programOf(before)).toThrow(/must list components\/snapshots-fs or components\/snapshots-s3/);
    const now = new Date('2026-12-02T10:00:00Z');
    expect(stillHeld(of('snapshots-fs'), now)).toContain('is deleted by 2026-12-17 (KEEP_DAYS=14)');
    expect(stillHeld(before, now)).toBe('');
  });
});

test(
  'workload identity gives the container of Elasticsearch a token that only STS takes, and no key',
  async () => {
    const components = ['snapshots-s3', 'snapshots-s3/workload-identity'];
    const { objects } = await renderFolder(write('identity', overlayOn('prod', components)), copy);
    const { spec } = find(objects, 'StatefulSet', 'elasticsearch') as unknown as IStatefulSet;
    const pod = spec?.template.spec;
    const [elasticsearch] = pod?.containers ?? [];
    const mount = elasticsearch?.volumeMounts?.find(({ name }) => name === 'bucket-token');
    const [source] = pod?.volumes?.find(({ name }) => name === 'bucket-token')?.projected?.sources ?? [];
    expect(source?.serviceAccountToken?.audience).toBe('sts.amazonaws.com');
    expect(elasticsearch?.env).toContainEqual({
      name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
      value: `${mount?.mountPath}/${source?.serviceAccountToken?.path}`,
    });
    expect(await schemaFindings(objects.filter(({ kind }) => kind === 'StatefulSet'))).toEqual([]);
  },
  buildSeconds,
);
