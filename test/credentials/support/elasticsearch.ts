// One real Elasticsearch node that has what a pod has mounted: certificates, users, roles. `bring` does what the
// kubelet does with a changed Secret.
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { root } from '../../../scripts/lib/paths.ts';
import { freePort } from '../../support/free-port.ts';
import { makeKeystore } from '../../support/keystore.ts';
import { giveToServer, launchServer, nodeFolder, singleNodeSettings } from '../../support/single-node.ts';

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
    const folder = nodeFolder(home, 'node-');
    const node = new Node(home, await freePort(), folder);
    const settings = [...singleNodeSettings(folder, node.port), security()];
    writeFileSync(join(folder, 'config/elasticsearch.yml'), settings.join('\n'));
    for (const name of ['config/certificates', 'formed', 'superuser']) mkdirSync(join(folder, name));
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
    makeKeystore(this.home, this.folder);
    giveToServer(this.folder);
    const child = launchServer(this.home, this.folder, 5);
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
