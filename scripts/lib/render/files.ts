// Files that an overlay puts into a ConfigMap of settings, and that nobody would read there.
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IConfigMap } from 'kubernetes-models/v1';
import { type KubernetesObject, label } from '../objects.ts';
import { type RenderFinding, refusal } from './finding.ts';
import { allContainers, beside, type ElasticsearchSet, type PodSpec, podSpecOf } from './parts.ts';

type ConfigMap = KubernetesObject & IConfigMap;

/** The names of a ConfigMap's files: those that are no UTF-8 stand in a field of their own. */
const filesOf = ({ data, binaryData }: ConfigMap): string[] => Object.keys({ ...data, ...binaryData });

/** The ConfigMap of the render that is a volume of the pods. */
const mapOf = (
  set: ElasticsearchSet,
  objects: readonly KubernetesObject[],
  spec: PodSpec,
  volume: string,
): ConfigMap | undefined => {
  const name = (spec.volumes ?? []).find((other) => other.name === volume)?.configMap?.name;
  return beside(set, objects, 'ConfigMap')
    .map((object): ConfigMap => object as ConfigMap)
    .find(({ metadata }) => metadata.name === name);
};

/** What Elasticsearch knows by name in its folder of settings, and what makes it here. */
const MADE: ReadonlyMap<string, string> = new Map([
  ['elasticsearch.keystore', 'entries of the keystore are keys of Secret elasticsearch-keystore'],
  ['roles.yml', 'roles stand in ConfigMap elasticsearch-roles'],
  ['users', 'users are lines of users.txt of ConfigMap credentials-scripts'],
  ['users_roles', 'users are lines of users.txt of ConfigMap credentials-scripts'],
]);
/** Read by Elasticsearch in a file of their own: no settings, although they end like these. */
const OTHER_YAML = new Set(['elasticsearch-plugins.yml', 'operator_users.yml', 'role_mapping.yml']);

const isSettings = (file: string): boolean =>
  /^[^.].*\.(?:yml|options)$/.test(file) && !MADE.has(file) && !OTHER_YAML.has(file);

const mountIt = (file: string): string =>
  'settings are in files NAME.yml, options of the JVM in NAME.options. Another file that Elasticsearch reads comes ' +
  `by a ConfigMap of yours, mounted into container elasticsearch as /usr/share/elasticsearch/config/${file} (subPath)`;

const ofElasticsearch = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => {
  const map = mapOf(set, objects, podSpecOf(set), 'settings');
  if (map === undefined) return [];
  return filesOf(map)
    .filter((file) => !isSettings(file))
    .map((file) => refusal(`${file} of ${label(map)} is read by nobody: ${MADE.get(file) ?? mountIt(file)}`));
};

/** Whether a container sees the file: of the volume as a whole, or of that file alone. */
const isSeen = (spec: PodSpec, volume: string, file: string): boolean =>
  allContainers(spec)
    .flatMap(({ volumeMounts }) => volumeMounts ?? [])
    .some(({ name, subPath = file }) => name === volume && subPath === file);

const ofKibana = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] =>
  beside(set, objects, 'Deployment')
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'kibana')
    .flatMap((object) => {
      const spec = (object as KubernetesObject & IDeployment).spec?.template.spec;
      const map = spec === undefined ? undefined : mapOf(set, objects, spec, 'config');
      if (spec === undefined || map === undefined) return [];
      return filesOf(map)
        .filter((file) => !isSeen(spec, 'config', file))
        .map((file) =>
          refusal(
            `${file} of ${label(map)} is read by nobody: Kibana has one file of settings. Merge a kibana.yml in its ` +
              `place, or set variables of container kibana; a file that Kibana reads beside it (node.options) is ` +
              'mounted by a patch of that container: volume config, with its name as subPath',
          ),
        );
    });

export const fileFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => [
  ...ofElasticsearch(set, objects),
  ...ofKibana(set, objects),
];
