// A node that is prepared, in a folder of the test. The API server is a small stand-in over TLS.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { kubernetesClient } from '../../../base/elasticsearch/agent/kubernetes.ts';
import { ownFiles } from '../../../base/elasticsearch/agent/own-files.ts';
import { prepare } from '../../../base/elasticsearch/agent/prepare.ts';
import { readSettings } from '../../../base/elasticsearch/agent/settings.ts';
import { Refused } from '../../../base/lib/environment.ts';
import { certificate } from '../../support/certificate.ts';
import { type Call, type Handler, TestServer } from '../../support/test-server.ts';
import { environment } from './environment.ts';

interface Done {
  readonly said: string;
  readonly waited: number;
}

/** An API server that knows the Kubernetes node, with these labels. */
export const labelled = (labels: Record<string, string>): Handler => {
  const body = { kind: 'Node', metadata: { name: 'node-a', labels } };
  return ({ path }) => (path === '/api/v1/nodes/node-a' ? { body } : undefined);
};

export class Preparing {
  handler = labelled({ 'topology.kubernetes.io/zone': 'zone-b' });
  private readonly folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  private server: TestServer | undefined;
  private env: Record<string, string> = {};

  static async start(): Promise<Preparing> {
    const node = new Preparing();
    node.server = await TestServer.start(() => node.handler);
    node.env = environment(node.folder, { kubernetesPort: node.server.port });
    node.write('settings/elasticsearch.yml', 'cluster.name: reviews\n');
    node.write('membership/initial_master_nodes.txt', 'elasticsearch-0\nelasticsearch-1\nelasticsearch-2\n');
    node.write(
      'membership/unicast_hosts.txt',
      'elasticsearch-0.elasticsearch-nodes.reviews.svc.cluster.local\nold.example:9300\n',
    );
    node.write('max_map_count', '1048576\n');
    node.write(
      'hosts',
      '127.0.0.1 localhost\n' +
        '10.220.11.5\telasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\telasticsearch-1\n',
    );
    node.write('account/ca.crt', certificate().cert);
    node.write('account/token', 'the-token');
    return node;
  }

  get calls(): readonly Call[] {
    return this.server?.calls ?? [];
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  made(file: string): string {
    return readFileSync(this.path('agent/config', file), 'utf8');
  }

  settings(): string {
    return this.made('elasticsearch.yml');
  }

  /** What it says; a refusal is thrown. */
  async run(changes: Record<string, string> = {}, diskIsEmpty = false): Promise<Done> {
    Object.assign(this.env, changes);
    const settings = readSettings(this.env);
    const said: string[] = [];
    let now = 0;
    const preparing = {
      settings,
      environment: this.env,
      kubernetes: kubernetesClient(settings, 2),
      files: ownFiles(settings.folders.agent, settings.folders.formed),
      clock: () => now,
      sleep: async (seconds: number) => {
        now += seconds;
      },
    };
    await prepare(preparing, diskIsEmpty, (level, message) => said.push(`${level} ${message}`));
    return { said: said.join('\n'), waited: now };
  }

  async refusal(changes: Record<string, string> = {}): Promise<string> {
    try {
      await this.run(changes);
    } catch (error) {
      if (error instanceof Refused) return error.message;
      throw error;
    }
    throw new Error('it was not refused');
  }

  async end(): Promise<void> {
    await this.server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
