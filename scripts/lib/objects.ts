// Rendered manifests as typed data.
import { loadAll } from 'js-yaml';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
}

const isObject = (value: unknown): value is KubernetesObject =>
  typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;

export const parseManifests = (text: string): KubernetesObject[] => loadAll(text).filter(isObject);

/** The documents of a rendered text as they stand: read and written again, an octal number would change. */
export const documentsOf = (text: string): string[] =>
  text.split(/^---$/m).filter((document) => parseManifests(document).length > 0);

export const isStatefulSet = (object: KubernetesObject): object is KubernetesObject & IStatefulSet =>
  object.kind === 'StatefulSet' && object.apiVersion.startsWith('apps/');

/** The label by which the function, too, finds the StatefulSet of Elasticsearch. */
export const isElasticsearch = (object: KubernetesObject): boolean =>
  object.metadata.labels?.['app.kubernetes.io/name'] === 'elasticsearch';

export const label = ({ kind, metadata: { namespace, name } }: KubernetesObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
