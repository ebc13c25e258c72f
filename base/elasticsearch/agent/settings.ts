// The environment, typed. A value that is not what it must be is refused with its name, before anything is done with
// it.

import type { Waits } from './ports.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export class Refused extends Error {}

const wholeNumber = (environment: Environment, name: string): number => {
  const value = environment[name] ?? '';
  // Nine digits are thirty years; more would be no number that can be added up.
  if (!/^\d{1,9}$/.test(value)) throw new Refused(`${name} must be a whole number of seconds, but is '${value}'`);
  return Number(value);
};

const required = (environment: Environment, name: string): string => {
  const value = environment[name] ?? '';
  if (value === '') throw new Refused(`${name} must be given, but is empty`);
  return value;
};

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

export interface ApiServer {
  readonly host: string;
  readonly port: number;
}

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

const port = (environment: Environment, name: string, otherwise: string): number => {
  const value = Number(environment[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new Refused(`${name} must be a port, but is '${environment[name]}'`);
  return value;
};

/** Set by the kubelet in every container. */
const readApiServer = (environment: Environment): ApiServer | undefined => {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  return host === '' ? undefined : { host, port: port(environment, 'KUBERNETES_SERVICE_PORT', '') };
};

export const readSettings = (environment: Environment): Settings => ({
  podName: required(environment, 'POD_NAME'),
  namespace: required(environment, 'POD_NAMESPACE'),
  apiServer: readApiServer(environment),
  elasticsearchPort: port(environment, 'ELASTICSEARCH_PORT', '9200'),
  metricsPort: (environment['METRICS_PORT'] ?? '') === '' ? undefined : port(environment, 'METRICS_PORT', ''),
  waits: readWaits(environment),
  folders: readFolders(environment),
});
