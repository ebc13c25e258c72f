// Files that an overlay merges into a ConfigMap of settings, and that nobody would read there.
import type { IConfigMap } from 'kubernetes-models/v1';
import { type KubernetesObject, label } from '../objects.ts';
import { type RenderFinding, refusal } from './finding.ts';
import { beside, type ElasticsearchSet } from './parts.ts';

interface Known {
  /** The name before its hash. */
  readonly map: string;
  readonly isRead: (file: string) => boolean;
  readonly wayOut: string;
}

const KNOWN: readonly Known[] = [
  {
    map: 'elasticsearch-config',
    isRead: (file) => /\.(?:yml|options)$/.test(file),
    wayOut: 'files of settings end in .yml, options of the JVM in .options',
  },
  {
    map: 'kibana-config',
    isRead: (file) => file === 'kibana.yml',
    wayOut: 'Kibana has one file of settings: replace kibana.yml, or set variables of its container',
  },
];

export const fileFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] =>
  beside(set, objects, 'ConfigMap').flatMap((object) => {
    const known = KNOWN.find(({ map }) => new RegExp(`^${map}(?:-[a-z0-9]+)?$`).test(object.metadata.name));
    const files = Object.keys((object as KubernetesObject & IConfigMap).data ?? {});
    return files
      .filter((file) => known?.isRead(file) === false)
      .map((file) => refusal(`${file} of ${label(object)} is read by nobody: ${known?.wayOut ?? ''}`));
  });
