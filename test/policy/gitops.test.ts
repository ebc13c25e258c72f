// The examples of docs/gitops.md against the published types of Flux and Argo CD, and what the page says of what the
// manifests hold.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Application, type IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { type IKustomization, Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import { GitRepository, type IGitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import { type KubernetesObject, label, parseManifests } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { committedManifests } from '../../scripts/lib/render/committed.ts';
import { isKustomization } from '../../scripts/lib/render/overlays.ts';
import { typeFindings } from '../support/type-findings.ts';

const page = readFileSync(join(root, 'docs/gitops.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text).join('---\n');
const objects = parseManifests(examples);
const ofKind = (kind: string): unknown => objects.find((object) => object.kind === kind);
const repository = ofKind('GitRepository') as IGitRepository;
const kustomization = ofKind('Kustomization') as IKustomization;
const application = ofKind('Application') as IApplication;
const packageOf = ({ apiVersion }: KubernetesObject): string =>
  `@kubernetes-models/${apiVersion.startsWith('argoproj.io/') ? 'argo-cd' : 'flux-cd'}`;

describe('the examples', () => {
  test('are what Flux and Argo CD ask for', async () => {
    expect(objects.map(label)).toEqual([
      'GitRepository flux-system/delivery-reviews',
      'Kustomization flux-system/reviews',
      'Application argocd/delivery-reviews-prod',
    ]);
    for (const object of objects) expect(await typeFindings([object], packageOf(object))).toEqual([]);
    new GitRepository(repository).validate();
    new Kustomization(kustomization).validate();
    new Application(application).validate();
  }, 120_000);

  test.each([
    ['Kustomization', /wait: true/, 'waits: true', /waits/],
    ['Kustomization', /interval: 1h/, 'interval: often', /interval/],
    ['Application', /selfHeal/, 'selfheal', /selfheal/],
    ['Application', /project: default/, '', /project/],
  ])(
    'a mistake in the %s would be seen: %s',
    async (kind, search, replacement, expected) => {
      const object = parseManifests(examples.replace(search, replacement)).find((one) => one.kind === kind);
      if (object === undefined) throw new Error(`no ${kind}`);
      const found = await typeFindings([object], packageOf(object));
      const model = { Kustomization, Application }[kind];
      try {
        if (model !== undefined) new (model as new (data: unknown) => { validate(): void })(object).validate();
      } catch (error) {
        found.push(String(error));
      }
      expect(found.join('\n')).toMatch(expected);
    },
    120_000,
  );

  test('point at a folder of one environment, from the repository that is fetched', () => {
    const folder = kustomization.spec?.path ?? '';
    expect(isKustomization(join(root, folder))).toBe(true);
    expect(join(root, folder)).toBe(join(root, application.spec.source?.path ?? ''));
    expect(repository.spec?.ignore?.trim().split('\n')).toEqual(['/*', '!/rendered']);
    expect(kustomization.spec?.sourceRef.name).toBe(repository.metadata?.name);
    expect(kustomization.spec?.targetNamespace).toBeUndefined();
    expect(application.spec.destination.namespace).toBe('reviews');
    // rendered/ itself is no kustomization: a tool would take both environments for one.
    expect(existsSync(join(root, 'rendered/kustomization.yaml'))).toBe(false);
  });
});

describe('the manifests of prod', () => {
  let prod: readonly KubernetesObject[] = [];
  beforeAll(() => {
    prod = parseManifests(committedManifests('prod'));
  });

  test('have none of what is made in the cluster, so that no tool takes it for its own', () => {
    const made = /^(PersistentVolumeClaim|Secret|Lease) |^ConfigMap \S*\/elasticsearch-formed$/;
    expect(prod.map(label).filter((name) => made.test(name))).toEqual([]);
    const claimed = prod.flatMap(({ metadata }) => Object.keys({ ...metadata.annotations, ...metadata.labels }));
    expect(claimed.filter((key) => /tracking-id|kustomize\.toolkit\.fluxcd\.io\/name/.test(key))).toEqual([]);
  });

  test('have a Namespace that neither tool removes, as the page says', () => {
    const namespace = prod.find(({ kind }) => kind === 'Namespace');
    expect(namespace?.metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    });
    for (const [key, value] of Object.entries(namespace?.metadata.annotations ?? {}))
      expect(page).toContain(`\`${key}: ${value}\``);
  });

  test('have the label by which Argo CD must not track', () => {
    const instances = new Set(prod.flatMap(({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] ?? []));
    expect([...instances]).toEqual(['reviews']);
    expect(application.metadata?.name).not.toBe('reviews');
  });
});
