// rendered/: the manifests as committed, for GitOps tools, for people without plugins, and for reviews of what a change
// does. A folder for each overlay, also one that a user adds, with a file for each object: a diff names what it
// changes. Its kustomization lists them in the order of the render, so that a build of it gives these very bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { documentsOf, type KubernetesObject, label, parseManifests } from '../objects.ts';
import { root } from '../paths.ts';

export const renderedFolder = (overlay = ''): string => join(root, 'rendered', overlay);

const separator = '---\n';

/**
 * kustomize puts ten of these letters behind the name of what it generates. The file keeps its name when they change,
 * or a diff would show a new object instead of what is new in it.
 * https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.8.1/api/hasher/hasher.go
 */
const contentHash = /-[2456789bcdfghkmt]{10}$/;
const generated = new Set(['ConfigMap', 'Secret']);

export const fileName = ({ kind, metadata: { name } }: KubernetesObject): string => {
  const stable = generated.has(kind) ? name.replace(contentHash, '') : name;
  return `${kind.toLowerCase()}-${stable.replace(/[^\w.-]/g, '-')}.yaml`;
};

const kustomization = (overlay: string, files: readonly string[]): string =>
  [
    `# Generated from overlays/${overlay} by "make rendered". Do not edit.`,
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    ...files.map((file) => `  - ${file}`),
    '',
  ].join('\n');

/** The files of an overlay's folder: their texts by their names. */
export const renderedFiles = (overlay: string, manifests: string): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const document of documentsOf(manifests)) {
    const [object] = parseManifests(document);
    if (object === undefined) continue;
    const name = fileName(object);
    if (files.has(name))
      throw new Error(`two objects would be in rendered/${overlay}/${name}, one is ${label(object)}`);
    files.set(name, document.replace(/^\n/, ''));
  }
  files.set('kustomization.yaml', kustomization(overlay, [...files.keys()]));
  return files;
};

/** The committed manifests as one text, as the overlay renders them. */
export const committedManifests = (overlay: string): string => {
  const folder = renderedFolder(overlay);
  const { resources } = load(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
    readonly resources: readonly string[];
  };
  return resources.map((file) => readFileSync(join(folder, file), 'utf8')).join(separator);
};
