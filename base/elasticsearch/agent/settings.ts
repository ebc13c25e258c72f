// The environment, typed. A value that is not what it must be is refused with its name, before anything is done with
// it.

import { type ApiServer, readApiServer } from '../../lib/api-server.ts';
import { type Environment, port, required, wholeNumber } from '../../lib/environment.ts';
import type { Waits } from './ports.ts';

export const readWaits = (environment: Environment): Waits => ({
  READY_RECOVERY_SECONDS: wholeNumber(environment, 'READY_RECOVERY_SECONDS'),
  READY_STALL_SECONDS: wholeNumber(environment, 'READY_STALL_SECONDS'),
  PRE_STOP_SPARE_SECONDS: wholeNumber(environment, 'PRE_STOP_SPARE_SECONDS'),
  PRE_STOP_MOVE_SECONDS: wholeNumber(environment, 'PRE_STOP_MOVE_SECONDS'),
  PRE_STOP_BLIND_SECONDS: wholeNumber(environment, 'PRE_STOP_BLIND_SECONDS'),
  PRE_STOP_DRAIN_SECONDS: wholeNumber(environment, 'PRE_STOP_DRAIN_SECONDS'),
  SHUTDOWN_SECONDS: wholeNumber(environment, 'SHUTDOWN_SECONDS'),
});

/** Where the pod's volumes are. The manifests set none of these; tests do. */
export interface Folders {
  /** Shared with the containers of Elasticsearch: the socket, and what is admitted. */
  readonly agent: string;
  readonly settings: string;
  readonly membership: string;
  readonly formed: string;
  readonly operations: string;
  readonly authority: string;
  readonly account: string;
}

export const readFolders = (environment: Environment): Folders => ({
  agent: environment['AGENT'] ?? '/run/agent',
  settings: environment['SETTINGS'] ?? '/opt/elasticsearch-config',
  membership: environment['MEMBERSHIP'] ?? '/opt/elasticsearch-membership',
  formed: environment['FORMED'] ?? '/opt/elasticsearch-formed',
  operations: environment['OPERATIONS'] ?? '/opt/elasticsearch-operations',
  authority: environment['AUTHORITY'] ?? '/opt/elasticsearch-authority',
  account: environment['ACCOUNT'] ?? '/var/run/secrets/kubernetes.io/serviceaccount',
});

export interface Settings {
  readonly podName: string;
  readonly namespace: string;
  /** Undefined where there is none, as for the pod's containers in Docker: then it is one that never answers. */
  readonly apiServer: ApiServer | undefined;
  readonly elasticsearchPort: number;
  /** Undefined: no port is opened. */
  readonly metricsPort: number | undefined;
  readonly waits: Waits;
  readonly folders: Folders;
}

export const readSettings = (environment: Environment): Settings => ({
  podName: required(environment, 'POD_NAME'),
  namespace: required(environment, 'POD_NAMESPACE'),
  apiServer: readApiServer(environment),
  elasticsearchPort: port(environment, 'ELASTICSEARCH_PORT', '9200'),
  metricsPort: (environment['METRICS_PORT'] ?? '') === '' ? undefined : port(environment, 'METRICS_PORT', ''),
  waits: readWaits(environment),
  folders: readFolders(environment),
});
