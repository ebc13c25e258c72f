// The agent's environment as the manifests set it, with its volumes in a folder of the test.
import { join } from 'node:path';

interface Ports {
  readonly kubernetesPort?: number;
  readonly elasticsearchPort?: number;
}

export const environment = (
  folder: string,
  { kubernetesPort = 1, elasticsearchPort = 1 }: Ports = {},
): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main',
  POD_NAME: 'elasticsearch-1',
  POD_NAMESPACE: 'reviews',
  KUBERNETES_NODE: 'node-a',
  KUBERNETES_SERVICE_HOST: '127.0.0.1',
  KUBERNETES_SERVICE_PORT: String(kubernetesPort),
  ELASTICSEARCH_PORT: String(elasticsearchPort),
  HEAP_SIZE: '1024m',
  ZONE: 'zone-a',
  READY_RECOVERY_SECONDS: '3600',
  READY_STALL_SECONDS: '30',
  PRE_STOP_SPARE_SECONDS: '1800',
  PRE_STOP_MOVE_SECONDS: '3600',
  PRE_STOP_BLIND_SECONDS: '30',
  PRE_STOP_DRAIN_SECONDS: '5',
  SHUTDOWN_SECONDS: '120',
  AGENT: join(folder, 'agent'),
  SETTINGS: join(folder, 'settings'),
  MEMBERSHIP: join(folder, 'membership'),
  FORMED: join(folder, 'formed'),
  OPERATIONS: join(folder, 'operations'),
  AUTHORITY: join(folder, 'authority'),
  ACCOUNT: join(folder, 'account'),
  MAX_MAP_COUNT: join(folder, 'max_map_count'),
  HOSTS: join(folder, 'hosts'),
});
