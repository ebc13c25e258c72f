import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { freePort } from '../../support/free-port.ts';
import { makeKeystore } from '../../support/keystore.ts';
import { elasticsearchHome } from '../../support/needs/elasticsearch.ts';
import { giveToServer, launchServer, nodeFolder, singleNodeSettings } from '../../support/single-node.ts';
import { passwordOf, writeFileRealm } from './file-realm.ts';

/**
 * One real Elasticsearch node on the loopback interface, with TLS and users, in a folder of its own that is removed at
 * the end.
 */
export interface Server {
  readonly url: string;
  readonly caFile: string;
  readonly folder: string;
  readonly password: string;
  /** What the node has printed so far. */
  log(): string;
  /** A client as one of the users, by default the superuser, with that user's password or the one that is given. */
  client(username?: string, password?: string): Client;
  stop(): Promise<void>;
}

const START_MS = 170_000;

export async function startElasticsearch(settings: readonly string[] = []): Promise<Server> {
  const home = elasticsearchHome;
  const folder = nodeFolder(home, 'reviews-server-');
  const port = await freePort();
  const password = 'superuser-of-the-test';
  makeCertificates(join(folder, 'config/certificates'));
  writeFileSync(join(folder, 'config/elasticsearch.yml'), [...configuration(folder, port), ...settings].join('\n'));
  writeFileRealm(join(folder, 'config'));
  mkdirSync(join(folder, 'superuser'));
  writeFileSync(join(folder, 'superuser/password'), password);
  makeKeystore(home, folder);
  giveToServer(folder);

  const log: string[] = [];
  const node = launchServer(home, folder);
  node.stdout?.on('data', (text: Buffer) => log.push(text.toString()));
  node.stderr?.on('data', (text: Buffer) => log.push(text.toString()));
  const caFile = join(folder, 'config/certificates/ca.crt');
  const url = `https://localhost:${port}`;
  const server: Server = {
    url,
    caFile,
    folder,
    password,
    log: () => log.join(''),
    client: (username = 'elastic', secret = username === 'elastic' ? password : passwordOf(username)) =>
      new Client({ node: url, auth: { username, password: secret }, tls: { ca: readFileSync(caFile) }, maxRetries: 0 }),
    stop: () => stop(node, folder),
  };
  try {
    await untilYellow(server, node);
  } catch (error) {
    await server.stop();
    throw new Error(`Elasticsearch did not start: ${String(error)}\n${log.join('').slice(-3000)}`, { cause: error });
  }
  return server;
}

function configuration(folder: string, port: number): string[] {
  const certificates = join(folder, 'config/certificates');
  const tls = (layer: string): string[] => [
    `xpack.security.${layer}.ssl.enabled: true`,
    `xpack.security.${layer}.ssl.key: ${certificates}/tls.key`,
    `xpack.security.${layer}.ssl.certificate: ${certificates}/tls.crt`,
    `xpack.security.${layer}.ssl.certificate_authorities: [${certificates}/ca.crt]`,
  ];
  return [
    ...singleNodeSettings(folder, port),
    // As in the cluster: a wildcard deletes nothing.
    'action.destructive_requires_name: true',
    'xpack.security.enabled: true',
    'xpack.security.autoconfiguration.enabled: false',
    'xpack.security.authc.realms.file.file1.order: 0',
    'xpack.security.authc.realms.native.native1.order: 1',
    ...tls('transport'),
    ...tls('http'),
  ];
}

async function untilYellow(server: Server, node: ChildProcess): Promise<void> {
  const client = server.client();
  const end = Date.now() + START_MS;
  let last: unknown = 'no answer';
  while (Date.now() < end) {
    if (node.exitCode !== null) throw new Error(`it ended with code ${node.exitCode}`);
    try {
      await client.cluster.health({ wait_for_status: 'yellow', timeout: '5s' });
      return;
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  throw last;
}

async function stop(node: ChildProcess, folder: string): Promise<void> {
  if (node.exitCode === null && node.signalCode === null) {
    // The launcher and its server, which has the same pipes.
    const ended = new Promise((resolve) => node.once('close', resolve));
    node.kill('SIGTERM');
    const hard = setTimeout(() => node.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(hard);
  }
  rmSync(folder, { recursive: true, force: true });
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const;

/** A certificate authority in a folder of its own; its certificate's file. */
export function makeAuthority(folder: string): string {
  mkdirSync(folder, { recursive: true });
  openssl(
    folder,
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  return join(folder, 'ca.crt');
}

/** An authority, and a certificate of it for this machine's loopback names. */
export function makeCertificates(folder: string): void {
  makeAuthority(folder);
  openssl(folder, 'req', ...KEY, '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=node');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl(folder, 'x509', '-req', '-in', 'tls.csr', '-out', 'tls.crt', ...signed);
}

function openssl(folder: string, ...args: string[]): void {
  const run = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${run.stderr}`);
}
