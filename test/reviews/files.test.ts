import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import { LANGUAGES, type Review } from '../../examples/src/review.ts';
import { sampleReviews } from '../../examples/src/sample.ts';
import { SENTENCES } from '../../examples/src/sentences.ts';
import { rolesOfTheBase } from '../support/roles.ts';

const ROOT = join(__dirname, '../..');
const REVIEWS = join(ROOT, 'base/reviews');
const SAMPLE = readFileSync(join(ROOT, 'examples/sample-reviews.ndjson'), 'utf8');

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Kustomization {
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
}

describe('the set-up’s files', () => {
  test('every file of the folders is in a ConfigMap, so none is forgotten', () => {
    const { configMapGenerator } = load(text('base/reviews/kustomization.yaml')) as Kustomization;
    const listed = configMapGenerator.flatMap(({ files }) => files).filter((file) => !file.startsWith('dashboard/'));
    const there = ['setup', 'index'].flatMap((folder) =>
      readdirSync(join(REVIEWS, folder)).map((file) => `${folder}/${file}`),
    );
    expect([...listed].sort()).toEqual(there.sort());
  });

  const deployment = load(text('base/reviews/deployment.yaml')) as IDeployment;
  const { containers = [], volumes = [] }: Partial<IPodSpec> = deployment.spec?.template.spec ?? {};

  test.each(containers.map((container) => [container.name, container] as const))(
    'container %s starts a program that is there, with what it imports beside it as in the repository',
    (_, { command = [], env = [], volumeMounts = [] }) => {
      expect(command[0]).toBe('node');
      expect(command[1]).toMatch(/^\/opt\/reviews\/setup\/[a-z]+\.ts$/);
      expect(readdirSync(join(REVIEWS, 'setup'))).toContain(basename(command[1] ?? ''));
      const mapAt = (path: string): string | undefined => {
        const mount = volumeMounts.find(({ mountPath }) => mountPath === path);
        return volumes.find(({ name }) => name === mount?.name)?.configMap?.name;
      };
      expect(mapAt('/opt/reviews/setup')).toBe('reviews-setup-scripts');
      expect(mapAt(join('/opt/reviews/setup', '../../lib'))).toBe('programs-lib');
      expect(env).toContainEqual({ name: 'NODE_OPTIONS', value: '--preserve-symlinks --preserve-symlinks-main' });
    },
  );

  test('no container has a login but its own, and none that of an erasure', () => {
    const secrets = containers.map(({ name, volumeMounts = [] }) => [
      name,
      volumeMounts.flatMap((mount) => volumes.find((one) => one.name === mount.name)?.secret?.secretName ?? []),
    ]);
    expect(Object.fromEntries(secrets)).toEqual({
      setup: ['elasticsearch-tls', 'elasticsearch-user-setup'],
      dashboard: ['kibana-tls', 'elasticsearch-user-dashboard'],
    });
    expect(JSON.stringify(volumes)).not.toContain('elasticsearch-user-erase');
  });

  test('every language that texts are analysed in has a field with an exact and a words sub-field', () => {
    const { properties } = JSON.parse(text('base/reviews/index/mappings.json')) as {
      properties: { text: { properties: Record<string, { fields?: Record<string, unknown> }> } };
    };
    for (const language of LANGUAGES)
      expect(Object.keys(properties.text.properties[language]?.fields ?? {})).toEqual(['exact', 'words']);
    expect(Object.keys(properties.text.properties).sort()).toEqual([...LANGUAGES, 'other'].sort());
  });

  // Run by no server of the test bed: held against what the documentation says of it.
  // https://www.elastic.co/docs/manage-data/lifecycle/index-lifecycle-management/index-lifecycle
  test('the lifecycle policy has only phases and actions that exist, in their order, and deletes in the end', () => {
    const { policy } = JSON.parse(text('base/reviews/index/lifecycle-policy.json')) as {
      policy: { phases: Record<string, { min_age?: string; actions: Record<string, object> }> };
    };
    expect(Object.keys(policy.phases)).toEqual(['hot', 'warm', 'delete']);
    const allowed: Record<string, readonly string[]> = {
      hot: [
        'set_priority',
        'unfollow',
        'rollover',
        'readonly',
        'downsample',
        'shrink',
        'forcemerge',
        'searchable_snapshot',
      ],
      warm: ['set_priority', 'unfollow', 'readonly', 'downsample', 'allocate', 'migrate', 'shrink', 'forcemerge'],
      delete: ['wait_for_snapshot', 'delete'],
    };
    for (const [phase, { actions }] of Object.entries(policy.phases)) {
      for (const action of Object.keys(actions)) expect(allowed[phase]).toContain(action);
    }
    const days = Object.values(policy.phases).map(({ min_age = '0d' }) => Number(/^(\d+)d$/.exec(min_age)?.[1]));
    expect(days).toEqual([...days].sort((a, b) => a - b));
    expect(policy.phases['delete']?.actions['delete']).toEqual({});
  });

  // The policy acts with the rights of the user who stored it, for which the documentation of the API asks for this
  // privilege.
  test('whoever stores the lifecycle policy may do what it does', () => {
    const roles = load(rolesOfTheBase()) as Record<
      string,
      { cluster: string[]; indices: { names: string[]; privileges: string[] }[] }
    >;
    expect(roles['reviews-setup']?.cluster).toContain('manage_ilm');
    expect(roles['reviews-setup']?.indices).toContainEqual({
      names: expect.arrayContaining(['reviews-*']),
      privileges: ['manage'],
    });
  });
});

describe('Kibana', () => {
  test('has the version of Elasticsearch', () => {
    const version = (path: string): string[] =>
      [...text(path).matchAll(/image: docker\.elastic\.co\/\w+\/\w+:(\S+)/g)].map(([, found]) => found ?? '');
    const all = [
      'base/kibana/deployment.yaml',
      'base/elasticsearch/statefulset.yaml',
      'base/credentials/deployment.yaml',
    ].flatMap(version);
    expect(all.length).toBeGreaterThanOrEqual(5);
    expect([...new Set(all)]).toEqual([all[0]]);
  });
});

describe('the sample', () => {
  test('is what the generator makes', () => {
    const made = [...sampleReviews({ count: 400, until: '2026-11-20' })]
      .map((review) => `${JSON.stringify(review)}\n`)
      .join('');
    expect(SAMPLE).toBe(made);
  });

  test('has every language and every rating, and no delivery twice', () => {
    const reviews = SAMPLE.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Review);
    expect([...new Set(reviews.map(({ language }) => language))].sort()).toEqual([...LANGUAGES].sort());
    expect([...new Set(reviews.map(({ rating }) => rating))].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(reviews.map(({ delivery_id }) => delivery_id)).size).toBe(400);
    for (const { delivered_at, created_at } of reviews) expect(created_at >= delivered_at).toBe(true);
  });

  test('says as much in each language', () => {
    const counts = LANGUAGES.map((language) =>
      Object.values(SENTENCES[language]).map((sentences: readonly string[]) => sentences.length),
    );
    for (const count of counts) expect(count).toEqual(counts[0]);
  });

  test('depends on its seed only', () => {
    const first = (seed: number): string => JSON.stringify([...sampleReviews({ count: 5, until: '2026-11-20', seed })]);
    expect(first(2)).toBe(first(2));
    expect(first(2)).not.toBe(first(3));
  });
});
