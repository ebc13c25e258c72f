// A small cluster as objects, for tests of one part of the plan.

import { type Plan, plan } from '../../../functions/elasticsearch-topology/src/topology/plan.ts';
import { applyEdit } from '../../../functions/elasticsearch-topology/src/yaml/edit.ts';
import type { Json, JsonMap } from '../../../functions/elasticsearch-topology/src/yaml/json.ts';

const SET: JsonMap = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'es', namespace: 'n', labels: { 'app.kubernetes.io/name': 'elasticsearch' } },
  spec: {
    serviceName: 'es-nodes',
    replicas: 3,
    selector: { matchLabels: { app: 'es' } },
    template: {
      spec: {
        initContainers: [{ name: 'prepare' }],
        containers: [{ name: 'elasticsearch', resources: { limits: { memory: '2Gi' } } }],
        volumes: [{ name: 'membership', configMap: { name: 'es-membership' } }],
      },
    },
  },
};
const MAP: JsonMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'es-membership', namespace: 'n' },
  data: { 'unicast_hosts.txt': '' },
};
const SERVICE: JsonMap = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'es-nodes', namespace: 'n' },
  spec: { clusterIP: 'None', publishNotReadyAddresses: true },
};

export type Change = [path: (string | number)[], value: Json | undefined];

const changed = (object: JsonMap, changes: readonly Change[]): JsonMap =>
  changes.reduce((data, [path, value]) => applyEdit(data, { path, value }) as JsonMap, object);

export interface Cluster {
  readonly set?: readonly Change[];
  readonly map?: readonly Change[];
  readonly service?: readonly Change[];
  readonly others?: readonly JsonMap[];
  readonly spec?: JsonMap;
}

export interface Planned extends Plan {
  readonly set: JsonMap;
  readonly map: JsonMap;
  readonly messages: string[];
}

/** What the plan makes of the cluster with these changes. */
export function planned({ set = [], map = [], service = [], others = [], spec = {} }: Cluster = {}): Planned {
  const objects = [changed(SET, set), changed(MAP, map), changed(SERVICE, service), ...others];
  const config = { apiVersion: 'delivery-reviews.dev/v1alpha1', kind: 'ElasticsearchTopology', spec };
  const made = plan({ find: () => objects.map((object, item) => ({ item, object })) }, config);
  const after = (item: number): JsonMap =>
    changed(
      objects[item] ?? {},
      made.edits.filter((edit) => edit.item === item).map(({ path, value }) => [[...path], value]),
    );
  const messages = made.results.filter(({ severity }) => severity !== 'info').map(({ message }) => message);
  return { ...made, set: after(0), map: after(1), messages };
}

export const cluster = { set: SET, map: MAP, service: SERVICE };

export const at = (data: unknown, ...path: (string | number)[]): unknown =>
  path.reduce((value, step) => (value as { [key: string]: unknown } | undefined)?.[step], data);

export const POD = ['spec', 'template', 'spec'];
