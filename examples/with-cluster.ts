// Runs a command that reaches a cluster in Kubernetes: tsx examples/with-cluster.ts [NAMESPACE] -- COMMAND...
// Opens a way through kubectl, fetches the authority and the credentials into a folder that only you can read, and
// removes both at the end.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, UserError } from '../scripts/lib/cli.ts';
import { getJson, kubectl } from '../scripts/lib/cluster/kubectl.ts';
import { show } from './show.ts';

export const DEFAULT_NAMESPACE = 'reviews-dev';

const OPEN_MS = 30_000;

/**
 * Does some work with the environment variables that the programs here read: ELASTICSEARCH_URL, CA_FILE and
 * CREDENTIALS.
 */
export const withCluster = async <Result>(
  namespace: string,
  users: readonly string[],
  work: (env: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'reviews-'));
  let forward: ChildProcess | undefined;
  try {
    const caFile = join(folder, 'ca.crt');
    writeFileSync(caFile, (await secret(namespace, 'elasticsearch-tls'))['ca.crt'] ?? '');
    for (const user of users) store(join(folder, user), await secret(namespace, `elasticsearch-user-${user}`));
    const opened = await portForward(namespace);
    forward = opened.process;
    return await work({ ELASTICSEARCH_URL: `https://localhost:${opened.port}`, CA_FILE: caFile, CREDENTIALS: folder });
  } finally {
    forward?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

const secret = async (namespace: string, name: string): Promise<Record<string, string>> => {
  const { data } = await getJson<{ data: Record<string, string> }>(['-n', namespace, 'secret', name]);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
};

const store = (folder: string, { username = '', password = '' }: Record<string, string>): void => {
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'username'), username, { mode: 0o600 });
  writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
};

/** kubectl picks a free port of this machine. */
const portForward = (namespace: string): Promise<{ process: ChildProcess; port: number }> =>
  new Promise((resolve, reject) => {
    const process = spawn('kubectl', ['-n', namespace, 'port-forward', 'service/elasticsearch', ':9200'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const fail = (reason: string): void => {
      process.kill();
      reject(
        new UserError(`kubectl port-forward to service/elasticsearch in ${namespace} failed: ${reason} ${said.trim()}`),
      );
    };
    const timer = setTimeout(() => fail('no answer in time.'), OPEN_MS);
    process.on('error', (error) => fail(error.message));
    process.on('exit', () => fail('it ended.'));
    process.stderr.on('data', (text: Buffer) => (said += text.toString()));
    process.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve({ process, port: Number(port) });
    });
  });

export const exists = async (namespace: string, kind: string, name: string): Promise<boolean> =>
  (await kubectl(['-n', namespace, 'get', kind, name, '-o', 'name'])).code === 0;

if (require.main === module)
  command(async () => {
    const at = process.argv.indexOf('--');
    const [program, ...args] = at < 0 ? [] : process.argv.slice(at + 1);
    if (program === undefined) throw new UserError('usage: with-cluster.ts [NAMESPACE] -- COMMAND...');
    const namespace = at > 2 ? (process.argv[2] ?? DEFAULT_NAMESPACE) : process.env['NAMESPACE'] || DEFAULT_NAMESPACE;
    process.exitCode = await withCluster(namespace, ['ingest', 'search'], (env) => show(program, args, env));
  });
