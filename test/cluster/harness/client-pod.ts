// A pod of a client, as the Run team's programs are: no rights, its password and the authority's certificate from
// Secrets.

import type { IPod } from 'kubernetes-models/v1';
import { k, maybe } from './kube.ts';
import { until } from './until.ts';

const clientImage = 'docker.io/library/node:24-slim';
/** Of a pod in which a scenario runs one command after the other. */
export const idle = ['node', '-e', 'setInterval(() => {}, 1e6)'];

export interface ClientPod {
  readonly namespace: string;
  readonly name: string;
  /** The Kubernetes node; one that the scenario does not take away. */
  readonly node?: string | undefined;
  readonly command: readonly string[];
  /** Node.js, where nothing is said. */
  readonly image?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The first one is who it is where nothing else is said. */
  readonly users?: readonly string[];
  /** Instead of the label of clients: whose place in the network it takes. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Without the authority's certificate, where there is none. */
  readonly authority?: boolean;
  /** A pod without the label that network policies ask of clients. */
  readonly stranger?: boolean;
}

const manifest = ({
  namespace,
  name,
  node,
  command,
  image = clientImage,
  files,
  env = {},
  users = ['elastic'],
  labels,
  stranger = false,
  authority = true,
}: ClientPod): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    labels: {
      'app.kubernetes.io/name': name,
      // Keeps the pod out of a drain, which would refuse because of it.
      'app.kubernetes.io/component': 'test-client',
      ...(labels ?? (stranger ? {} : { 'delivery-reviews.dev/elasticsearch-client': 'true' })),
    },
  },
  spec: {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    ...(node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': node } }),
    tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'client',
        image,
        command,
        env: [
          { name: 'HOST', value: `elasticsearch.${namespace}.svc.cluster.local` },
          { name: 'CA_FILE', value: '/etc/elasticsearch/authority/ca.crt' },
          { name: 'USERS', value: '/etc/elasticsearch/users' },
          { name: 'USER_FOLDER', value: `/etc/elasticsearch/users/${users[0] ?? ''}` },
          ...Object.entries(env).map(([key, value]) => ({ name: key, value })),
        ],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        volumeMounts: [
          ...(authority ? [{ name: 'authority', mountPath: '/etc/elasticsearch/authority', readOnly: true }] : []),
          ...users.map((user) => ({
            name: `user-${user}`,
            mountPath: `/etc/elasticsearch/users/${user}`,
            readOnly: true,
          })),
          ...(files === undefined ? [] : [{ name: 'files', mountPath: '/opt/client', readOnly: true }]),
        ],
      },
    ],
    volumes: [
      ...(authority
        ? [
            {
              name: 'authority',
              secret: { secretName: 'elasticsearch-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
            },
          ]
        : []),
      ...users.map((user) => ({ name: `user-${user}`, secret: { secretName: `elasticsearch-user-${user}` } })),
      ...(files === undefined ? [] : [{ name: 'files', configMap: { name } }]),
    ],
  },
});

const filesOf = ({ namespace, name, files = {} }: ClientPod): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: files,
});

/** Starts it, in place of an earlier one of the same name, and waits until it runs. */
export const startClient = async (client: ClientPod): Promise<void> => {
  await stopClient(client.namespace, client.name);
  const items = [...(client.files === undefined ? [] : [filesOf(client)]), manifest(client)];
  await k(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
  await until(`pod ${client.name} running`, { seconds: 90 }, async () => {
    const pod = await maybe<IPod>(['-n', client.namespace, 'pod', client.name]);
    return ['Running', 'Succeeded', 'Failed'].includes(pod?.status?.phase ?? '');
  });
};

export const stopClient = async (namespace: string, name: string): Promise<void> => {
  await k(['-n', namespace, 'delete', 'pod', name, '--ignore-not-found', '--grace-period=1', '--timeout=60s'], {
    seconds: 90,
  });
};
