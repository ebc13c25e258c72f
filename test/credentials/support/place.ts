// A namespace with the account and rights of base/credentials, and the folders that the containers of the Deployment
// see.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { root } from '../../../scripts/lib/paths.ts';
import { agentNode } from '../../agent/support/node.ts';
import type { ApiServer } from '../../support/api-server.ts';
import { mountConfigMap } from '../../support/config-map.ts';
import { Dns } from './dns.ts';
import { Objects } from './objects.ts';
import { type Said, said } from './said.ts';
import { type Watch, Watched } from './watched.ts';

export const base = join(root, 'base/credentials');
export const usersTable = join(base, 'scripts/users.txt');

/** A whole look that had nothing to do and nothing to say. */
export const quiet = { code: 0, signal: null, log: '', warnings: [] };

export interface Run extends Said {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Of the container that decides. */
const command =
  (load(readFileSync(join(base, 'deployment.yaml'), 'utf8')) as IDeployment).spec?.template.spec?.containers[0]
    ?.command ?? [];

const folderOf = (file: string): unknown[] => loadAll(readFileSync(join(base, file), 'utf8'));
const paths: Readonly<Record<string, string>> = {
  ServiceAccount: 'api/v1',
  Role: 'apis/rbac.authorization.k8s.io/v1',
  RoleBinding: 'apis/rbac.authorization.k8s.io/v1',
};

let number = 0;

export class Place extends Objects {
  readonly env: Record<string, string> = {};

  private constructor(
    server: ApiServer,
    namespace: string,
    readonly folder: string,
    readonly token: string,
    private readonly node: string,
  ) {
    super(server, namespace);
  }

  /** Of which only a few users matter, and no certificate is made. */
  static async ofTwoUsers(server: ApiServer): Promise<Place> {
    const place = await Place.make(server);
    place.twoUsers();
    await place.putCertificates();
    return place;
  }

  static async make(server: ApiServer, name = `reviews-${++number}`): Promise<Place> {
    await server.must({ method: 'POST', path: 'namespaces', body: { metadata: { name } } });
    for (const object of [...folderOf('service-account.yaml'), ...folderOf('rights.yaml')] as { kind: string }[])
      await server.must({
        method: 'POST',
        path: `/${paths[object.kind]}/namespaces/${name}/${object.kind.toLowerCase()}s`,
        body: object,
      });
    const account = `namespaces/${name}/serviceaccounts/credentials/token`;
    const { status } = await server.must<{ status: { token: string } }>({
      method: 'POST',
      path: account,
      body: { spec: { expirationSeconds: 3600 } },
    });
    const place = new Place(server, name, mkdtempSync(join(server.folder, 'pod-')), status.token, await agentNode());
    mountConfigMap(join(base, 'program'), place.path('opt/credentials/program'));
    mountConfigMap(join(base, 'scripts'), place.path('opt/credentials/scripts'));
    mountConfigMap(join(root, 'base/lib'), place.path('opt/lib'));
    place.write('account/token', status.token);
    place.write('account/ca.crt', server.certificate);
    place.write('resolv.conf', `search ${name}.svc.cluster.local svc.cluster.local cluster.local\n`);
    Object.assign(place.env, {
      PATH: process.env['PATH'] ?? '',
      NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main',
      MALLOC_ARENA_MAX: '1',
      POD_NAMESPACE: name,
      SERVICE_ACCOUNT_DIR: place.path('account'),
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(server.port),
      RESOLV_CONF: place.path('resolv.conf'),
      DNS_SERVERS: Dns.of(server).address,
      USERS_TABLE: place.path('opt/credentials/scripts/users.txt'),
      CERTIFICATE_DAYS: '365',
      RENEW_BEFORE_DAYS: '90',
      AUTHORITY_DAYS: '3650',
      SPREAD_SECONDS: '3600',
      KEEP_PREVIOUS_SECONDS: '3600',
      LOOK_SECONDS: '220',
      CERTUTIL_SECONDS: '200',
      // certificates have tests of their own, and take long
      MAKE_CERTIFICATES: 'no',
    });
    return place;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.path(file), '..'), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  private runs = 0;

  /** Starts one look at everything, as one pod: both containers, in a process group of their own. */
  start(env: Readonly<Record<string, string>> = {}): {
    child: ChildProcess;
    done: Promise<Run>;
    /** The file of its last whole look. */
    complete: string;
    end: () => void;
  } {
    const name = `credentials-${++this.runs}`;
    const tmp = this.path('tmp', name);
    mkdirSync(tmp, { recursive: true });
    const opt = this.path('opt/credentials');
    const program = command.map((word) => (word === 'node' ? this.node : word.replace('/opt/credentials', opt)));
    const both = `bash ${opt}/scripts/certutil.sh > ${tmp}/certutil.log 2>&1 & exec ${program.join(' ')}`;
    const complete = join(tmp, 'complete');
    const own = { HOSTNAME: name, COMPLETE: complete, CERTUTIL: join(tmp, 'certutil') };
    const child = spawn('nice', ['-n', '5', 'sh', '-c', both], {
      env: { ...this.env, ...own, ...env },
      timeout: 240_000,
      detached: true,
    });
    const log: string[] = [];
    child.stderr.on('data', (text: Buffer) => log.push(text.toString()));
    child.stdout.on('data', (text: Buffer) => log.push(text.toString()));
    const end = (): void => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // nobody is left
      }
    };
    const done = new Promise((resolve) => child.on('close', resolve)).then((): Run => {
      end();
      return { code: child.exitCode, signal: child.signalCode, ...said(log.join('')) };
    });
    return { child, done, complete, end };
  }

  look(env: Readonly<Record<string, string>> = {}): Promise<Run> {
    return this.start(env).done;
  }

  /** A look whose calls to API server and Elasticsearch are seen, and may be disturbed. */
  async watched(watch: Watch, env: Readonly<Record<string, string>> = {}): Promise<Run & { calls: readonly string[] }> {
    const data = (await this.secret('elasticsearch-tls'))?.data ?? {};
    const url = { ...this.env, ...env }['ELASTICSEARCH_URL'];
    const tls = { key: data['tls.key'], cert: data['tls.crt'] };
    const between = await Watched.start(watch, this.server.port, url, tls);
    this.write('watched-account/token', this.token);
    this.write('watched-account/ca.crt', between.authority);
    try {
      const { done, end } = this.start({ ...env, ...between.env, SERVICE_ACCOUNT_DIR: this.path('watched-account') });
      between.kill = end;
      return { ...(await done), calls: between.calls };
    } finally {
      await between.stop();
    }
  }

  /**
   * A look that is killed after the given call: the answer to it never arrives. Killed before call 5 is the same as
   * killed after call 4.
   */
  counted(
    killAfter: number | undefined,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Run & { readonly calls: readonly string[] }> {
    return this.watched(killAfter === undefined ? {} : { killAfter }, env);
  }

  /** A look that is held just before it writes the Secret, while something else happens. */
  async heldBefore(
    secret: string,
    meanwhile: () => Promise<unknown>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Run> {
    let isHeld = false;
    const hold = async (): Promise<undefined> => {
      if (!isHeld) await meanwhile();
      isHeld = true;
      return undefined;
    };
    const run = await this.watched(
      {
        answer: ({ method, path }) => (method === 'PATCH' && path.includes(`secrets/${secret}?`) ? hold() : undefined),
      },
      env,
    );
    if (!isHeld) throw new Error(`nobody wrote Secret ${secret}: ${run.log}`);
    return run;
  }

  /** Fewer users than the real table has, where a test looks often. */
  twoUsers(): void {
    this.write('users.txt', 'operations operations\ningest reviews-ingest\n');
    this.env['USERS_TABLE'] = this.path('users.txt');
  }

  async until(holds: () => Promise<boolean>, seconds = 60): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`not within ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
