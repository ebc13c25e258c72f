// A namespace with the account and rights of base/credentials, and the folders that the container of the Deployment
// sees.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { ISecret } from 'kubernetes-models/v1';
import { root } from '../../../scripts/lib/paths.ts';
import type { ApiServer } from '../../support/api-server.ts';
import { prefix, type Secret, secretOf } from './secret.ts';

export const scripts = join(root, 'base/credentials/scripts');

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said. */
  readonly log: string;
}

const folderOf = (file: string): unknown[] => loadAll(readFileSync(join(root, 'base/credentials', file), 'utf8'));
const paths: Readonly<Record<string, string>> = {
  ServiceAccount: 'api/v1',
  Role: 'apis/rbac.authorization.k8s.io/v1',
  RoleBinding: 'apis/rbac.authorization.k8s.io/v1',
};

let number = 0;

export class Place {
  readonly env: Record<string, string> = {};

  private constructor(
    readonly server: ApiServer,
    readonly namespace: string,
    readonly folder: string,
    readonly token: string,
  ) {}

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
    const place = new Place(server, name, mkdtempSync(join(server.folder, 'pod-')), status.token);
    place.write('account/token', status.token);
    place.write('account/ca.crt', server.certificate);
    place.write('account/namespace', name);
    place.write('resolv.conf', `search ${name}.svc.cluster.local svc.cluster.local cluster.local\n`);
    Object.assign(place.env, {
      PATH: process.env['PATH'] ?? '',
      SERVICE_ACCOUNT_DIR: place.path('account'),
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(server.port),
      RESOLV_CONF: place.path('resolv.conf'),
      CERTIFICATE_DAYS: '365',
      RENEW_BEFORE_DAYS: '90',
      AUTHORITY_DAYS: '3650',
      SPREAD_SECONDS: '3600',
      KEEP_PREVIOUS_SECONDS: '3600',
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

  /** Starts one look at everything, as one pod, in a process group of its own. */
  start(env: Readonly<Record<string, string>> = {}): {
    child: ChildProcess;
    done: Promise<Run>;
    isComplete: () => boolean;
  } {
    const name = `credentials-${++this.runs}`;
    const tmp = this.path('tmp', name);
    mkdirSync(tmp, { recursive: true });
    const child = spawn('nice', ['-n', '5', 'bash', join(scripts, 'credentials.sh')], {
      env: { ...this.env, HOSTNAME: name, TMPDIR: tmp, ...env },
      timeout: 240_000,
      detached: true,
    });
    const log: string[] = [];
    child.stderr.on('data', (text: Buffer) => log.push(text.toString()));
    child.stdout.on('data', (text: Buffer) => log.push(text.toString()));
    const done = new Promise<Run>((resolve) =>
      child.on('close', (code, signal) => resolve({ code, signal, log: log.join('') })),
    );
    return { child, done, isComplete: () => existsSync(join(tmp, 'complete')) };
  }

  look(env: Readonly<Record<string, string>> = {}): Promise<Run> {
    return this.start(env).done;
  }

  private watched(env: Readonly<Record<string, string>>): { calls: string; env: Record<string, string> } {
    const calls = this.path(`calls-${this.runs}`);
    writeFileSync(calls, '');
    const own = this.env['PATH'] ?? '';
    return { calls, env: { ...env, PATH: `${__dirname}:${own}`, REAL_PATH: own, CALLS: calls } };
  }

  /**
   * A look whose calls are counted, and that is killed after the given one. Killed before call 5 is the same as killed
   * after call 4.
   */
  async counted(
    killAfter: number | undefined,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Run & { readonly calls: readonly string[] }> {
    const watched = this.watched({ ...env, ...(killAfter === undefined ? {} : { KILL_AFTER: String(killAfter) }) });
    const run = await this.look(watched.env);
    return { ...run, calls: readFileSync(watched.calls, 'utf8').split('\n').filter(Boolean) };
  }

  /** A look that is held just before it writes the Secret, while something else happens. */
  async heldBefore(
    secret: string,
    meanwhile: () => Promise<unknown>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Run> {
    const watched = this.watched({ ...env, HOLD: secret });
    const { done } = this.start(watched.env);
    const end = Date.now() + 60_000;
    while (!existsSync(`${watched.calls}.held`)) {
      if (Date.now() > end) throw new Error(`nobody wrote Secret ${secret}: ${(await done).log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await meanwhile();
    writeFileSync(`${watched.calls}.go`, '');
    return done;
  }

  /** Fewer users than the real table has, where a test looks often. */
  twoUsers(): void {
    this.write('users.txt', 'operations operations\ningest reviews-ingest\n');
    this.env['USERS_TABLE'] = this.path('users.txt');
  }

  async secret(name: string): Promise<Secret | undefined> {
    const { status, body } = await this.server.send<ISecret>({ path: `namespaces/${this.namespace}/secrets/${name}` });
    if (status === 404) return undefined;
    return secretOf(body);
  }

  async mustHave(name: string): Promise<Secret> {
    const found = await this.secret(name);
    if (found === undefined) throw new Error(`there is no Secret ${name}`);
    return found;
  }

  /** Every Secret's version: the same later means that nothing was written. */
  async versions(): Promise<Record<string, string>> {
    const { items } = await this.server.must<{ items: ISecret[] }>({ path: `namespaces/${this.namespace}/secrets` });
    return Object.fromEntries(items.map(({ metadata }) => [metadata?.name ?? '', metadata?.resourceVersion ?? '']));
  }

  async put(
    name: string,
    data: Readonly<Record<string, string>>,
    annotations: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const body = { metadata: { name, annotations }, stringData: data };
    await this.server.must({ method: 'POST', path: `namespaces/${this.namespace}/secrets`, body });
  }

  /** Certificates of somebody else: a look is complete when the passwords are there, and takes no time for others. */
  async putCertificates(ca = 'from elsewhere'): Promise<void> {
    for (const name of ['elasticsearch-tls', 'kibana-tls']) await this.put(name, { 'ca.crt': ca });
  }

  async patch(name: string, body: object): Promise<void> {
    const path = `namespaces/${this.namespace}/secrets/${name}`;
    await this.server.must({ method: 'PATCH', path, type: 'application/merge-patch+json', body });
  }

  annotate(name: string, key: string, value: string | null): Promise<void> {
    return this.patch(name, { metadata: { annotations: { [`${prefix}/${key}`]: value } } });
  }

  async remove(name: string): Promise<void> {
    await this.server.must({ method: 'DELETE', path: `namespaces/${this.namespace}/secrets/${name}` });
  }

  /** The same, of a cluster that also has stored the superuser's password: there is nothing that it is asked for. */
  formedAndStored(annotations: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.formed(annotations, { superuser_stored: 'x' });
  }

  /** What the nodes write when the cluster has formed. */
  async formed(
    annotations: Readonly<Record<string, string>> = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const body = { metadata: { name: 'elasticsearch-formed', annotations }, data: { cluster_uuid: 'x', ...more } };
    await this.server.send({ method: 'DELETE', path: `namespaces/${this.namespace}/configmaps/elasticsearch-formed` });
    await this.server.must({ method: 'POST', path: `namespaces/${this.namespace}/configmaps`, body });
  }

  /** The data of the marker, where there is one. */
  async marker(): Promise<Readonly<Record<string, string>> | undefined> {
    const { status, body } = await this.server.send<{ data?: Record<string, string> }>({
      path: `namespaces/${this.namespace}/configmaps/elasticsearch-formed`,
    });
    return status === 200 ? body.data : undefined;
  }

  async until(holds: () => Promise<boolean>, seconds = 60): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`not within ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
