// Environments of one Kubernetes cluster: prod and dev, a copy, an overlay on prod, and one on that. What tells them
// apart is one line, and no two may have an object in common.
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isElasticsearch, isStatefulSet, type KubernetesObject } from '../../scripts/lib/objects.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from './harness.ts';

const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const namespaces = {
  dev: 'reviews-dev',
  prod: 'reviews',
  copied: 'reviews-copied',
  staging: 'reviews-staging',
  'on-staging': 'reviews-on-staging',
};

/** Adds to a checkout what users add. */
const addEnvironments = (copy: string): void => {
  const overlay = (name: string): string => join(copy, 'overlays', name);
  cpSync(overlay('prod'), overlay('copied'), { recursive: true });
  const file = join(overlay('copied'), 'kustomization.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text.match(/^namespace: reviews$/gm)).toHaveLength(1);
  writeFileSync(file, text.replace(/^namespace: reviews$/m, `namespace: ${namespaces.copied}`));
  for (const [name, below] of [
    ['staging', 'prod'],
    ['on-staging', 'staging'],
  ] as const) {
    mkdirSync(overlay(name));
    writeFileSync(
      join(overlay(name), 'kustomization.yaml'),
      `${head}namespace: ${namespaces[name]}\nresources: [../${below}]\ntransformers: [../prod/topology]\n`,
    );
  }
};

/** As components/zone-lookup/README.md says. */
const addZoneLookup = (copy: string, overlay: string): void => {
  const folder = join(copy, 'overlays', overlay);
  appendFileSync(join(folder, 'kustomization.yaml'), 'components:\n  - ../../components/zone-lookup\n');
  const file = join(folder, 'topology/kustomization.yaml');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/^resources:\n/m, 'resources:\n  - ../../../components/zone-lookup/names\n');
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
};

const identity = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

const renderAll = async (copy: string): Promise<Map<string, readonly KubernetesObject[]>> => {
  const all = new Map<string, readonly KubernetesObject[]>();
  for (const name of Object.keys(namespaces)) all.set(name, (await renderFolder(`overlays/${name}`, copy)).objects);
  return all;
};

const sharedOf = (all: ReadonlyMap<string, readonly KubernetesObject[]>): string[] => {
  const owners = new Map<string, string[]>();
  for (const [name, objects] of all)
    for (const object of objects) owners.set(identity(object), [...(owners.get(identity(object)) ?? []), name]);
  return [...owners].filter(([, names]) => names.length > 1).map(([id, names]) => `${id}: ${names.join(', ')}`);
};

describe.each([
  ['as they come', []],
  ['with components/zone-lookup', ['dev', 'prod']],
])('five environments %s', (_, withLookup) => {
  let copy = '';
  let remove: () => void = () => undefined;
  let all: ReadonlyMap<string, readonly KubernetesObject[]> = new Map();
  beforeAll(async () => {
    ({ copy, remove } = copyOfCheckout());
    for (const overlay of withLookup) addZoneLookup(copy, overlay);
    addEnvironments(copy);
    all = await renderAll(copy);
  }, buildSeconds);
  afterAll(() => remove());

  test('have no object in common', () => {
    expect([...all.values()].map((objects) => objects.length > 30)).toEqual([true, true, true, true, true]);
    expect(sharedOf(all)).toEqual([]);
  });

  test('each have their own Namespace, and nothing else for the whole cluster that is not named after it', () => {
    for (const [name, namespace] of Object.entries(namespaces)) {
      const outside = (all.get(name) ?? []).filter(({ metadata }) => metadata.namespace !== namespace).map(identity);
      const lookup = ['ClusterRole', 'ClusterRoleBinding'].map(
        (kind) => `${kind} /elasticsearch-zone-lookup.${namespace}`,
      );
      expect(outside).toEqual([`Namespace /${namespace}`, ...(withLookup.length > 0 ? lookup : [])]);
    }
  });

  test('refer to nothing of another one: seed hosts, accounts that are bound, roles', () => {
    for (const [name, namespace] of Object.entries(namespaces)) {
      const objects = all.get(name) ?? [];
      const set = objects.filter(isStatefulSet).find(isElasticsearch);
      const replicas = set?.spec?.replicas ?? 0;
      const membership = objects.find(({ metadata }) => metadata.name.startsWith('elasticsearch-membership'));
      const { data } = membership as unknown as { data: Record<string, string> };
      const seeds = data['unicast_hosts.txt']?.trim().split('\n') ?? [];
      expect(seeds).toHaveLength(replicas);
      for (const host of seeds) expect(host).toMatch(new RegExp(`\\.elasticsearch-nodes\\.${namespace}\\.svc\\.`));
      const bindings = objects.filter(({ kind }) => kind.endsWith('RoleBinding'));
      for (const binding of bindings) {
        const { roleRef, subjects = [] } = binding as unknown as {
          roleRef: { kind: string; name: string };
          subjects?: { namespace?: string }[];
        };
        expect(subjects.map((subject) => subject.namespace)).toEqual([namespace]);
        expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain(
          `${roleRef.kind} ${roleRef.name}`,
        );
      }
    }
  });
});

describe('what is shared all the same is refused, with the way out', () => {
  let copy = '';
  let remove: () => void = () => undefined;
  beforeAll(() => {
    ({ copy, remove } = copyOfCheckout());
    addEnvironments(copy);
  });
  afterAll(() => remove());
  const overlay = (name: string, fields: string): string => {
    mkdirSync(join(copy, 'overlays', name), { recursive: true });
    writeFileSync(join(copy, 'overlays', name, 'kustomization.yaml'), `${head}${fields}`);
    return `overlays/${name}`;
  };

  test(
    'the zone look-up without its names',
    async () => {
      const folder = overlay(
        'half',
        'namespace: half\nresources: [../prod]\ncomponents: [../../components/zone-lookup]\n' +
          'transformers: [../prod/topology]\n',
      );
      await expect(renderFolder(folder, copy)).rejects.toThrow(
        /must end in \.half, .*components\/zone-lookup\/README\.md.*"elasticsearch-zone-lookup" \(ClusterRole/,
      );
    },
    buildSeconds,
  );

  test(
    'a class of priority, which a platform has and no overlay',
    async () => {
      writeFileSync(
        join(copy, 'overlays/staging/class.yaml'),
        'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: elasticsearch.reviews}\nvalue: 1\n',
      );
      const folder = overlay(
        'staging',
        'namespace: reviews-staging\nresources: [../prod, class.yaml]\ntransformers: [../prod/topology]\n',
      );
      await expect(renderFolder(folder, copy)).rejects.toThrow(
        /must end in \.reviews-staging, .*apply it apart from the overlay, found "elasticsearch\.reviews"/,
      );
    },
    buildSeconds,
  );
});

test('prod says what differs in at most fifteen lines', () => {
  const lines = readFileSync(join(root, 'overlays/prod/kustomization.yaml'), 'utf8').split('\n');
  expect(lines.filter((line) => !/^\s*(#.*)?$/.test(line)).length).toBeLessThanOrEqual(15);
});
