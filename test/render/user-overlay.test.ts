import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isElasticsearch, isStatefulSet, type KubernetesObject, parseManifests } from '../../scripts/lib/objects.ts';
import { run } from '../../scripts/lib/process.ts';
import { findKustomize } from '../../scripts/lib/render/kustomize.ts';
import { buildSeconds, copyOfCheckout, renderFolder } from './harness.ts';

let copy = '';
let remove: () => void = () => undefined;
beforeAll(() => {
  ({ copy, remove } = copyOfCheckout());
});
afterAll(() => remove());

const kustomization = (fields: string): string =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${fields}`;

/** An overlay as a user would add one: the files, by name. */
const addOverlay = (name: string, files: Readonly<Record<string, string>>): string => {
  const folder = `overlays/${name}`;
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(copy, folder, file, '..'), { recursive: true });
    writeFileSync(join(copy, folder, file), text);
  }
  return folder;
};

const config = (spec: string): string =>
  'apiVersion: delivery-reviews.dev/v1alpha1\nkind: ElasticsearchTopology\nmetadata:\n' +
  `  name: elasticsearch-topology\nspec:\n${spec}`;

const scaled = (replicas: number): string =>
  addOverlay(`scaled-${replicas}`, {
    'kustomization.yaml': kustomization(
      `resources: [../prod]\nreplicas: [{name: elasticsearch, count: ${replicas}}]\ntransformers: [topology]\n`,
    ),
    'topology/kustomization.yaml': kustomization(
      'resources: [../../prod/topology]\npatches: [{path: accepted.yaml}]\n',
    ),
    // One node survives nothing.
    'topology/accepted.yaml': config('  acceptedLosses: [Quorum, LastCopy]\n'),
  });

const statefulSet = (objects: readonly KubernetesObject[]) => objects.filter(isStatefulSet).find(isElasticsearch);

const membership = (objects: readonly KubernetesObject[]): Record<string, string> =>
  (
    objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('elasticsearch-membership'),
    ) as { data?: Record<string, string> } | undefined
  )?.data ?? {};

/** The pod template as it stands in the output, byte for byte. */
const podTemplate = (text: string): string => {
  const document = text.split('---\n').find((part) => part.includes('kind: StatefulSet\n')) ?? '';
  return /\n {2}template:\n(?: {3,}.*\n|\n)*/.exec(document)?.[0] ?? '';
};

describe('scaling an overlay', () => {
  let templateOfThree = '';
  beforeAll(async () => {
    templateOfThree = podTemplate((await renderFolder(scaled(3), copy)).text);
    expect(templateOfThree).toContain('containers:');
  }, buildSeconds);

  test.each([1, 3, 5, 7, 9])(
    'to %d nodes gives that many seed hosts, and the same pod template',
    async (replicas) => {
      const { text, objects } = await renderFolder(scaled(replicas), copy);
      expect(statefulSet(objects)?.spec?.replicas).toBe(replicas);

      const hosts = (membership(objects)['unicast_hosts.txt'] ?? '').trim().split('\n');
      expect(hosts).toEqual(
        Array.from(
          { length: replicas },
          (_, index) => `elasticsearch-${index}.elasticsearch-nodes.reviews.svc.cluster.local`,
        ),
      );
      expect((membership(objects)['initial_master_nodes.txt'] ?? '').trim().split('\n')).toEqual(
        Array.from({ length: replicas }, (_, index) => `elasticsearch-${index}`),
      );

      expect(podTemplate(text)).toBe(templateOfThree);
    },
    buildSeconds,
  );
});

describe("a user's own overlay", () => {
  const own = (): string =>
    addOverlay('mine', {
      'kustomization.yaml': kustomization(
        'namespace: elsewhere\nresources: [../../base]\n' +
          'replicas: [{name: elasticsearch, count: 5}]\n' +
          'transformers: [topology]\n',
      ),
      'topology/kustomization.yaml': kustomization(
        'resources: [../../../base/topology]\npatches: [{path: zones.yaml}]\n',
      ),
      'topology/zones.yaml': config('  zones: [a, b, c]\n  clusterDomain: example.internal\n'),
    });

  test(
    'renders without Docker, with its own namespace, replicas and zones',
    async () => {
      const { objects, warnings } = await renderFolder(own(), copy);
      expect(warnings).toBe('');
      const rendered = statefulSet(objects);
      expect(membership(objects)['unicast_hosts.txt']?.trim().split('\n').at(-1)).toBe(
        'elasticsearch-4.elasticsearch-nodes.elsewhere.svc.example.internal',
      );
      const agent = rendered?.spec?.template.spec?.initContainers?.find(({ name }) => name === 'agent');
      expect(agent?.env?.find(({ name }) => name === 'AWARENESS_ZONES')?.value).toBe('a,b,c');
    },
    buildSeconds,
  );

  test(
    'may name another image for the function, in a patch of its own',
    async () => {
      const folder = own();
      writeFileSync(
        join(copy, folder, 'topology/zones.yaml'),
        readFileSync(join(copy, folder, 'topology/zones.yaml'), 'utf8').replace(
          'spec:',
          '  annotations:\n    config.kubernetes.io/function: |\n' +
            '      container:\n        image: registry.example/topology:2\n' +
            'spec:',
        ),
      );
      expect(
        statefulSet((await renderFolder(folder, copy)).objects)?.metadata.annotations?.[
          'delivery-reviews.dev/topology'
        ],
      ).toMatch(/^replicas=5 /);
    },
    buildSeconds,
  );

  test(
    'that forgets the transformer is refused, instead of deployed with the numbers of another size',
    async () => {
      const folder = addOverlay('forgetful', {
        'kustomization.yaml': kustomization(
          'namespace: reviews\nresources: [../../base]\nreplicas: [{name: elasticsearch, count: 5}]\n',
        ),
      });
      await expect(renderFolder(folder, copy)).rejects.toThrow(
        /the function did not run: .* on StatefulSet reviews\/elasticsearch/,
      );
    },
    buildSeconds,
  );

  test(
    'that changes the replicas after the function has run is refused',
    async () => {
      const folder = addOverlay('late', {
        'kustomization.yaml': kustomization('resources: [../prod]\nreplicas: [{name: elasticsearch, count: 5}]\n'),
      });
      await expect(renderFolder(folder, copy)).rejects.toThrow(
        /the function saw other numbers than were rendered.*`spec.replicas` 5.*"replicas=3/s,
      );
    },
    buildSeconds,
  );

  test(
    "gets the function's own words when its config is wrong",
    async () => {
      const folder = own();
      const file = join(copy, folder, 'topology/zones.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('zones:', 'zonse:'));
      await expect(renderFolder(folder, copy)).rejects.toThrow(/zonse.*zones/s);
    },
    buildSeconds,
  );
});

test(
  'kustomize alone skips an exec function in silence; only the proof tells',
  async () => {
    const folder = addOverlay('silent', {
      'kustomization.yaml': kustomization(
        'namespace: reviews\nresources: [../../base]\n' +
          'replicas: [{name: elasticsearch, count: 5}]\n' +
          'transformers: [function.yaml]\n',
      ),
      'function.yaml':
        'apiVersion: delivery-reviews.dev/v1alpha1\n' +
        'kind: ElasticsearchTopology\nmetadata:\n  name: x\n' +
        '  annotations:\n    config.kubernetes.io/function: |\n' +
        '      exec:\n        path: /bin/false\n',
    });
    const done = await run(await findKustomize(), ['build', '--enable-alpha-plugins', join(copy, folder)]);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(
      statefulSet(parseManifests(done.stdout))?.metadata.annotations?.['delivery-reviews.dev/topology'] ?? '',
    ).not.toContain('replicas=5');
  },
  buildSeconds,
);
