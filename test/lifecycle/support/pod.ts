// A pod's view of the world, in a folder: what is mounted, the environment, and the two servers. The scripts under test
// are the real ones.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { certificate } from './certificate.ts';
import { type Handler, TestServer } from './servers.ts';

/** LIFECYCLE names another folder: to see that a broken script fails its tests. */
export const scripts = process.env['LIFECYCLE'] ?? join(root, 'base/elasticsearch/lifecycle');

export const uuid = 'Zk3TnYp1QoOwzFvS3kJ0aA';

/** What the scripts have written into the container's log, where each line is a JSON object. */
export const messages = (log: string): string =>
  log
    .split('\n')
    .map((line) => (line === '' ? '' : (JSON.parse(line) as { readonly message: string }).message))
    .join('\n');

export class Pod {
  /** Replaced by tests. */
  onKubernetes: Handler = () => undefined;
  onElasticsearch: Handler = () => undefined;
  readonly env: Record<string, string> = {};
  private readiness: Server | undefined;

  private constructor(
    readonly folder: string,
    readonly name: string,
    private readonly servers: { kubernetes?: TestServer; elasticsearch?: TestServer },
  ) {}

  static async start(name = 'elasticsearch-1'): Promise<Pod> {
    const pod = new Pod(mkdtempSync(join(tmpdir(), 'pod-')), name, {});
    pod.servers.kubernetes = await TestServer.start(() => pod.onKubernetes);
    pod.servers.elasticsearch = await TestServer.start(() => pod.onElasticsearch);
    pod.write('account/ca.crt', certificate().cert);
    pod.write('account/token', 'the-token');
    pod.write('account/namespace', 'reviews');
    pod.write('home/config/certificates/ca.crt', certificate().cert);
    pod.write('operations/username', 'operations');
    pod.write('operations/password', 'a-password');
    Object.assign(pod.env, {
      PATH: process.env['PATH'] ?? '',
      POD_NAME: name,
      POD_NAMESPACE: 'reviews',
      SERVICE_ACCOUNT_DIR: pod.path('account'),
      ES_HOME: pod.path('home'),
      OPERATIONS_DIR: pod.path('operations'),
      LOG_TO: '/nowhere/log',
      FORMED: pod.path('formed'),
      STATE_DIR: pod.path('state'),
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(pod.kubernetes.port),
      ES_URL: `https://localhost:${pod.elasticsearch.port}`,
      POLL_SECONDS: '0.1',
    });
    return pod;
  }

  get kubernetes(): TestServer {
    return this.servers.kubernetes as TestServer;
  }

  get elasticsearch(): TestServer {
    return this.servers.elasticsearch as TestServer;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  read(file: string): string {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), 'utf8') : '';
  }

  /**
   * With `uid`, as another user, as in the image. What the script would write into the container's log comes on stdout,
   * as there is no such container.
   */
  async run(script: string, env: Readonly<Record<string, string>> = {}, seconds = 20, uid?: number): Promise<Finished> {
    const [command, ...args] = [
      ...(uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']),
      'bash',
      join(scripts, script),
    ];
    const done = await run(command, args, { env: { ...this.env, ...env }, seconds });
    return { ...done, stderr: done.stderr.replace(/^.*\/nowhere\/log.*\n/gm, '') };
  }

  /** The port that is open while the node has a master. */
  async openReadiness(): Promise<void> {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    this.env['READINESS_PORT'] = String(typeof address === 'object' ? address?.port : '');
    this.readiness = server;
  }

  async stop(): Promise<void> {
    this.readiness?.close();
    await this.kubernetes.stop();
    await this.elasticsearch.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
