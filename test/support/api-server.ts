// A real API server with a real etcd, on the loopback interface, for the time of one test file. There is no kubelet and
// no controller: nothing runs, but names, rights, versions, conflicts and server-side apply are the real ones.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { binaries } from './needs/programs.ts';

const readySeconds = 120;

export interface ApiAnswer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
}

export interface ApiRequest {
  readonly method?: string;
  /** After /api/v1/, or from the root where it begins with a slash. */
  readonly path: string;
  readonly body?: object;
  readonly type?: string;
  /** The administrator's where it is not given. */
  readonly token?: string;
}

/** It ends when this process ends, however that happens. */
const start = (name: string, args: readonly string[], log: string[]): ChildProcess => {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nice', '-n', '5', join(binaries, name), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (text: Buffer) => log.push(text.toString()));
  child.once('error', (error) => log.push(String(error)));
  return child;
};

const adminToken = 'the-administrator';

export class ApiServer {
  private constructor(
    readonly port: number,
    /** Removed at the end, with everything in it. */
    readonly folder: string,
    private readonly processes: readonly ChildProcess[],
  ) {}

  /** `services`: the ranges of Services' addresses, one of each family that the cluster has. */
  static async start(services = '10.97.0.0/16'): Promise<ApiServer> {
    const folder = mkdtempSync(join(tmpdir(), 'api-server-'));
    const [port, client, peer] = [await freePort(), await freePort(), await freePort()];
    const url = (number: number): string => `http://127.0.0.1:${number}`;
    const made = spawnSync('openssl', ['genrsa', '-out', 'account.key', '2048'], { cwd: folder });
    if (made.status !== 0) throw new Error(`openssl: ${String(made.stderr)}`);
    writeFileSync(join(folder, 'tokens.csv'), `${adminToken},admin,admin,"system:masters"\n`);
    const log: string[] = [];
    const etcd = [
      '--data-dir',
      join(folder, 'etcd'),
      '--log-level',
      'warn',
      '--unsafe-no-fsync',
      '--initial-cluster',
      `default=${url(peer)}`,
    ];
    const listen = [
      '--listen-client-urls',
      url(client),
      '--advertise-client-urls',
      url(client),
      '--listen-peer-urls',
      url(peer),
      '--initial-advertise-peer-urls',
      url(peer),
    ];
    const account = join(folder, 'account.key');
    const server = new ApiServer(port, folder, [
      start('etcd', [...etcd, ...listen], log),
      start(
        'kube-apiserver',
        [
          `--etcd-servers=${url(client)}`,
          '--bind-address=127.0.0.1',
          '--advertise-address=127.0.0.1',
          `--secure-port=${port}`,
          `--cert-dir=${folder}`,
          `--token-auth-file=${join(folder, 'tokens.csv')}`,
          '--authorization-mode=RBAC',
          '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
          `--service-account-key-file=${account}`,
          `--service-account-signing-key-file=${account}`,
          `--service-cluster-ip-range=${services}`,
          '--endpoint-reconciler-type=none',
        ],
        log,
      ),
    ]);
    const end = Date.now() + readySeconds * 1000;
    while (!(await server.isReady())) {
      if (Date.now() > end) {
        await server.stop();
        throw new Error(`the API server is not ready after ${readySeconds} s:\n${log.join('').slice(-2000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return server;
  }

  get certificate(): string {
    return readFileSync(join(this.folder, 'apiserver.crt'), 'utf8');
  }

  /** For kubectl, as the administrator. */
  kubeconfig(): string {
    const cluster = {
      server: `https://127.0.0.1:${this.port}`,
      'certificate-authority-data': Buffer.from(this.certificate).toString('base64'),
    };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'admin', user: { token: adminToken } }],
    });
  }

  private async isReady(): Promise<boolean> {
    return (
      existsSync(join(this.folder, 'apiserver.crt')) &&
      (await this.send({ path: '/readyz' }).catch(() => ({ status: 0 }))).status === 200
    );
  }

  send<Body = unknown>({
    method = 'GET',
    path,
    body,
    type = 'application/json',
    token = adminToken,
  }: ApiRequest): Promise<ApiAnswer<Body>> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type, connection: 'close' };
    const target = {
      host: '127.0.0.1',
      port: this.port,
      method,
      path: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers,
    };
    return new Promise((resolve, reject) => {
      const call = request({ ...target, ca: this.certificate, signal: AbortSignal.timeout(30_000) }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type']?.includes('json') === true;
          resolve({ status: response.statusCode ?? 0, body: (isJson ? JSON.parse(text) : text) as Body });
        });
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** What must succeed. */
  async must<Body = unknown>(wanted: ApiRequest): Promise<Body> {
    const { status, body } = await this.send<Body>(wanted);
    if (status >= 300)
      throw new Error(`${wanted.method ?? 'GET'} ${wanted.path} was answered with ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Its folder goes when nobody writes to it any more. */
  async stop(): Promise<void> {
    const running = this.processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
