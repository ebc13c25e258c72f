// Manifests under test: a test overlay, or one on top of it that a scenario makes, rendered as a user's overlay is,
// with the real function.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { bundle, root } from '../../../scripts/lib/paths.ts';
import { buildBundle } from '../../../scripts/lib/render/bundle.ts';
import { chooseForm, type Form, functionImage } from '../../../scripts/lib/render/form.ts';
import { findKustomize } from '../../../scripts/lib/render/kustomize.ts';
import { type Rendered, render } from '../../../scripts/lib/render/render.ts';

export interface Variant {
  readonly overlay: 'prod' | 'dev';
  readonly replicas?: number;
  /** Names of the repository's components. */
  readonly components?: readonly string[];
  /** Strategic merge patches, of the StatefulSet where they name nothing else. */
  readonly patches?: readonly object[];
  /** The text of one more file of Elasticsearch's settings. */
  readonly settings?: string;
  /** Replaces the base's elasticsearch.yml. */
  readonly elasticsearchYml?: string;
  /** Replace files of the node's agent. */
  readonly agent?: Readonly<Record<string, string>>;
  /** Replace the scripts in Elasticsearch's own containers. */
  readonly lifecycle?: Readonly<Record<string, string>>;
  /** Replaces the base's mapping of the reviews. */
  readonly mappings?: string;
}

const baseFile = (name: string): string => readFileSync(join(root, 'base/elasticsearch', name), 'utf8');
export const baseSettings = (): string => baseFile('config/elasticsearch.yml');
export const baseAgent = (name: string): string => baseFile(`agent/${name}`);
export const baseLifecycle = (name: string): string => baseFile(`lifecycle/${name}`);

/** The ConfigMap that the base puts this file of the agent in: it has two. */
const agentMap = (file: string): string => {
  const { configMapGenerator } = load(baseFile('kustomization.yaml')) as {
    readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  };
  const found = configMapGenerator.find(({ files }) => files.includes(`agent/${file}`));
  if (found === undefined) throw new Error(`no ConfigMap of the base has agent/${file}`);
  return found.name;
};

const overlays = 'test/cluster/overlays';
let form: Form | undefined;
const rendered = new Map<string, Rendered>();

const patchOf = (patch: object): string =>
  dump({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'elasticsearch' }, ...patch });

export type Change = Omit<Variant, 'overlay'>;

let change: Change = {};

/** Puts the change on every variant that is rendered from now on. */
export const changeEverything = (wanted: Change): void => {
  change = wanted;
};

let needed: readonly string[] = [];

/** Components without which no prod overlay is whole on the Kubernetes that runs. */
export const needComponents = (names: readonly string[]): void => {
  needed = names;
};

const changed = (variant: Variant): Variant => {
  const patches = [...(variant.patches ?? []), ...(change.patches ?? [])];
  const wanted = change.components ?? variant.components ?? [];
  const components = [...new Set([...wanted, ...(variant.overlay === 'prod' ? needed : [])])];
  return {
    ...variant,
    ...change,
    ...(patches.length === 0 ? {} : { patches }),
    ...(components.length === 0 ? {} : { components }),
  };
};

const kustomizationOf = (
  { overlay, replicas, components = [], patches = [] }: Variant,
  generators: readonly object[],
): object => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  // As the overlay below does, so that generated names find their place.
  namespace: overlay === 'prod' ? 'reviews' : 'reviews-dev',
  resources: [`../${overlay}`],
  ...(components.length === 0 ? {} : { components: components.map((name) => `../../../../components/${name}`) }),
  ...(replicas === undefined ? {} : { replicas: [{ name: 'elasticsearch', count: replicas }] }),
  ...(generators.length === 0 ? {} : { configMapGenerator: generators }),
  ...(patches.length === 0 ? {} : { patches: patches.map((patch) => ({ patch: patchOf(patch) })) }),
  transformers: [
    // Of components that put the namespace into names.
    ...components
      .map((name) => join('components', name, 'names'))
      .filter((names) => existsSync(join(root, names)))
      .map((names) => `../../../../${names}`),
    overlay === 'prod' && replicas !== undefined ? '../accepting' : `../../../../overlays/${overlay}/topology`,
  ],
});

const writeVariant = (variant: Variant, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const merged = (name: string, texts: Readonly<Record<string, string | undefined>>): object[] => {
    const files = Object.entries(texts).flatMap(([file, text]) => {
      if (text === undefined) return [];
      writeFileSync(join(folder, file), text);
      return [file];
    });
    return files.length === 0 ? [] : [{ name, behavior: 'merge', files }];
  };
  const generators = [
    ...merged('elasticsearch-config', {
      'elasticsearch.yml': variant.elasticsearchYml,
      'scenario.yml': variant.settings,
    }),
    ...Object.entries(variant.agent ?? {}).flatMap(([file, text]) => merged(agentMap(file), { [file]: text })),
    ...merged('elasticsearch-lifecycle', variant.lifecycle ?? {}),
    ...merged('reviews-setup-index', { 'mappings.json': variant.mappings }),
  ];
  writeFileSync(join(folder, 'kustomization.yaml'), dump(kustomizationOf(variant, generators)));
};

const isPlain = (variant: Variant): boolean =>
  Object.entries(variant).every(([key, value]) => key === 'overlay' || value === undefined);

export const renderVariant = async (wanted: Variant): Promise<Rendered> => {
  const variant = changed(wanted);
  const key = JSON.stringify(variant);
  const known = rendered.get(key);
  if (known !== undefined) return known;
  form ??= (await chooseForm(functionImage(), process.env['FORM'])).form;
  if (form === 'exec') await buildBundle();
  const made = join(overlays, `made-${process.pid}`);
  const folder = isPlain(variant) ? join(overlays, variant.overlay) : made;
  try {
    if (folder === made) writeVariant(variant, join(root, made));
    const result = await render({ root, folder, form, kustomize: await findKustomize(), bundle });
    rendered.set(key, result);
    return result;
  } finally {
    rmSync(join(root, made), { recursive: true, force: true });
  }
};
