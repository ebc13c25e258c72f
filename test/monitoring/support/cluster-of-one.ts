// What the suite's Prometheus finds in a cluster, without one: a real API server that knows two pods, a real exporter
// before a real node, and what an agent tells.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@elastic/elasticsearch';
import { loadAll } from 'js-yaml';
import { METRICS_TYPE } from '../../../base/lib/metrics.ts';
import { root } from '../../../scripts/lib/paths.ts';
import type { Account } from '../../cluster/watch/configuration.ts';
import { type Server, startElasticsearch } from '../../reviews/support/elasticsearch.ts';
import { passwordOf } from '../../reviews/support/file-realm.ts';
import type { ApiServer } from '../../support/api-server.ts';
import { agentTexts } from './agent-text.ts';
import { Exporter } from './exporter.ts';

export const NAMESPACE = 'reviews';
const HOME = 'monitoring';
const ACCOUNT = 'prometheus';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** As the lab's overlays bring them. */
const rights = loadAll(readFileSync(join(root, 'test/cluster/overlays/watched/prometheus.yaml'), 'utf8')) as Named[];

const makeAccount = async (api: ApiServer): Promise<Account> => {
  for (const name of [NAMESPACE, HOME])
    await api.must({ method: 'POST', path: 'namespaces', body: { metadata: { name } } });
  for (const [namespace, name] of [
    [NAMESPACE, 'default'],
    [HOME, ACCOUNT],
  ])
    await api.must({ method: 'POST', path: `namespaces/${namespace}/serviceaccounts`, body: { metadata: { name } } });
  for (const object of rights) {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/${object.kind.toLowerCase()}s`;
    await api.must({ method: 'POST', path, body: object });
  }
  const { status } = await api.must<{ status: { token: string } }>({
    method: 'POST',
    path: `namespaces/${HOME}/serviceaccounts/${ACCOUNT}/token`,
    body: { spec: { expirationSeconds: 3600 } },
  });
  const authority = Buffer.from(api.certificate).toString('base64');
  return { server: `https://127.0.0.1:${api.port}`, authority, token: status.token };
};

/** A pod as the kubelet would tell of it; a port of an init container where that is its place. */
const tellOfPod = async (
  api: ApiServer,
  name: string,
  container: string,
  containerPort: number,
  isInit = false,
): Promise<void> => {
  const one = { name: container, image: 'x', ports: [{ name: 'metrics', containerPort }] };
  const path = `namespaces/${NAMESPACE}/pods`;
  const spec = isInit
    ? { initContainers: [{ ...one, restartPolicy: 'Always' }], containers: [{ name: 'elasticsearch', image: 'x' }] }
    : { containers: [one] };
  const body = { metadata: { name }, spec: { automountServiceAccountToken: false, ...spec } };
  await api.must({ method: 'POST', path, body });
  await api.must({
    method: 'PATCH',
    path: `${path}/${name}/status`,
    type: 'application/merge-patch+json',
    body: { status: { phase: 'Running', podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] } },
  });
};

const agentsPort = (): Promise<HttpServer> =>
  new Promise((resolve) => {
    const text = agentTexts(1).serving;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': METRICS_TYPE }).end(text);
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

export class ClusterOfOne {
  private constructor(
    readonly account: Account,
    private readonly elasticsearch: Server,
    private readonly exporter: Exporter,
    private readonly agent: HttpServer,
    private readonly folder: string,
  ) {}

  static async start(api: ApiServer): Promise<ClusterOfOne> {
    const elasticsearch = await startElasticsearch();
    const folder = mkdtempSync(join(tmpdir(), 'watched-'));
    const login = join(folder, 'login');
    mkdirSync(login);
    writeFileSync(join(login, 'username'), 'monitoring');
    writeFileSync(join(login, 'password'), passwordOf('monitoring'));
    const authority = join(elasticsearch.folder, 'config/certificates');
    const readAtStart = join(folder, 'read-at-start');
    const exporter = await Exporter.start({ url: elasticsearch.url, login, authority, readAtStart });
    const agent = await agentsPort();
    const watcher = await makeAccount(api);
    await tellOfPod(api, 'elasticsearch-exporter-0', 'exporter', exporter.port);
    await tellOfPod(api, 'elasticsearch-0', 'agent', (agent.address() as AddressInfo).port, true);
    return new ClusterOfOne(watcher, elasticsearch, exporter, agent, folder);
  }

  get client(): Client {
    return this.elasticsearch.client();
  }

  async stop(): Promise<void> {
    await this.exporter.stop();
    this.agent.closeAllConnections();
    this.agent.close();
    await this.elasticsearch.stop();
    rmSync(this.folder, { recursive: true });
  }
}
