// One real Elasticsearch node that has what a pod has mounted: certificates, users, roles. `bring` does what the
// kubelet does with a changed Secret.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { load } from 'js-yaml';
import { root } from '../../../scripts/lib/paths.ts';

const startSeconds = 240;

export type Files = Readonly<Record<string, string>>;

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly certificate: string;
}

export const rolesFile = (): string =>
  (load(readFileSync(join(root, 'base/elasticsearch/roles.yaml'), 'utf8')) as { data: { 'roles.yml': string } }).data[
    'roles.yml'
  ];

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** The lines of the base's settings about security; the rest is about being one of several. */
const security = (): string => {
  const all = readFileSync(join(root, 'base/elasticsearch/config/elasticsearch.yml'), 'utf8');
  return all.slice(all.indexOf('xpack.security.enabled'));
};

export class Node {
  private readonly log: string[] = [];
  private child: ChildProcess | undefined;
  /** Until the launcher and its server, which has the same pipes, are both gone. */
  private ended: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly home: string,
    readonly port: number,
    readonly folder: string,
  ) {}

  /** As at the first start: its keystore has the superuser's password. */
  static async start(home: string, files: Files, elastic: Login): Promise<Node> {
    const node = new Node(home, await freePort(), mkdtempSync(join(tmpdir(), 'node-')));
    const { folder, port } = node;
    cpSync(join(home, 'config'), join(folder, 'config'), { recursive: true });
    const settings = [
      'cluster.name: test',
      'node.name: only',
      'discovery.type: single-node',
      'network.host: 127.0.0.1',
      `http.port: ${port}`,
      'transport.port: 0',
    ];
    const paths = [
      'node.store.allow_mmap: false',
      `path.data: ${folder}/data`,
      `path.logs: ${folder}/logs`,
      'cluster.routing.allocation.disk.threshold_enabled: false',
    ];
    writeFileSync(join(folder, 'config/elasticsearch.yml'), [...settings, ...paths, security()].join('\n'));
    for (const name of ['data', 'logs', 'tmp', 'config/certificates', 'formed', 'superuser'])
      mkdirSync(join(folder, name));
    writeFiles(folder, files);
    writeFileSync(join(folder, 'superuser/password'), elastic.password);
    await node.launch(files['certificates/ca.crt'] ?? '', elastic);
    return node;
  }

  /** As a pod that is made anew: without the superuser's Secret, or with it; and with what is known of the cluster. */
  async startAnew(
    ca: string,
    who: Login,
    { password, stored = false }: { password?: string; stored?: boolean },
  ): Promise<void> {
    await this.kill();
    rmSync(join(this.folder, 'superuser/password'), { force: true });
    rmSync(join(this.folder, 'config/elasticsearch.keystore'));
    if (password !== undefined) writeFileSync(join(this.folder, 'superuser/password'), password);
    writeFileSync(join(this.folder, 'formed/cluster_uuid'), 'x');
    if (stored) writeFileSync(join(this.folder, 'formed/superuser_stored'), 'x');
    await this.launch(ca, who);
  }

  /** Until this user gets an answer. */
  private async launch(ca: string, who: Login): Promise<void> {
    const { folder, home } = this;
    const env = {
      PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      ES_JAVA_HOME: join(home, 'jdk'),
    };
    const keystore = spawnSync('bash', [join(root, 'base/elasticsearch/lifecycle/keystore.sh')], {
      encoding: 'utf8',
      env: {
        ...env,
        CONFIG: join(folder, 'config'),
        FORMED: join(folder, 'formed'),
        SUPERUSER: join(folder, 'superuser'),
      },
    });
    if (keystore.status !== 0) throw new Error(keystore.stderr);
    giveToUser(folder);
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        '--reuid',
        '1000',
        '--regid',
        '1000',
        '--clear-groups',
        'nice',
        '-n',
        '5',
        join(home, 'bin/elasticsearch'),
      ],
      {
        cwd: folder,
        env: {
          ...env,
          ES_PATH_CONF: join(folder, 'config'),
          ES_TMPDIR: join(folder, 'tmp'),
          ES_JAVA_OPTS: '-Xms512m -Xmx512m',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.child = child;
    this.ended = new Promise((resolve) => child.once('close', resolve));
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => this.log.push(text.toString()));
    const end = Date.now() + startSeconds * 1000;
    while (!(await this.isUp(ca, who))) {
      if (Date.now() > end || child.exitCode !== null) {
        const text = this.said.slice(-3000);
        await this.stop();
        throw new Error(`Elasticsearch did not start:\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  /** Everything in its log. */
  get said(): string {
    return this.log.join('');
  }

  private async isUp(ca: string, login: Login): Promise<boolean> {
    const path = '/_cluster/health?wait_for_status=yellow&timeout=1s';
    return (await this.send({ path, ca, login }).catch(() => ({ status: 0 }))).status === 200;
  }

  /** The files, relative to the configuration's folder, replaced at once as a Secret's volume is. */
  bring(files: Files): void {
    writeFiles(this.folder, files);
  }

  /** On a connection of its own. */
  send({
    method = 'GET',
    path,
    body,
    login,
    ca,
  }: {
    method?: string;
    path: string;
    body?: string | object;
    login?: Login;
    ca: string;
  }): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const options: RequestOptions = {
      host: '127.0.0.1',
      port: this.port,
      servername: 'localhost',
      method,
      path,
      ca,
      agent: false,
      headers: {
        'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json',
        ...(login === undefined
          ? {}
          : { authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` }),
      },
      signal: AbortSignal.timeout(30_000),
    };
    return new Promise((resolve, reject) => {
      const call = request(options, (response) => {
        const peer: PeerCertificate = (response.socket as TLSSocket).getPeerCertificate();
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            certificate: peer.fingerprint256,
          }),
        );
      });
      call.on('error', reject);
      call.end(text);
    });
  }

  private async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** Its folder goes when nobody writes to it any more. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const writeFiles = (folder: string, files: Files): void => {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, 'config', name);
    writeFileSync(`${file}.new`, text);
    chmodSync(`${file}.new`, 0o644);
    renameSync(`${file}.new`, file);
  }
};

/** Elasticsearch refuses to run as root, so its folder belongs to the user of the image. */
const giveToUser = (folder: string): void => {
  const done = spawnSync('chown', ['-R', '1000:1000', folder], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};
