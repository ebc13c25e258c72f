// What each test with one real node of Elasticsearch needs, whatever users and certificates it has: a folder, settings
// that keep it to this machine, and a process that is not root.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The user of the image. */
const USER = '1000';
const isRoot = (): boolean => process.getuid?.() === 0;

/** A new one, with the image's configuration and places for what the node writes. `home`: an unpacked image's. */
export const nodeFolder = (home: string, prefix: string): string => {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  cpSync(join(home, 'config'), join(folder, 'config'), { recursive: true });
  for (const name of ['data', 'logs', 'tmp']) mkdirSync(join(folder, name));
  return folder;
};

/** Lines of elasticsearch.yml, without those about security. */
export const singleNodeSettings = (folder: string, port: number): string[] => [
  'cluster.name: test',
  'node.name: only',
  'discovery.type: single-node',
  'network.host: 127.0.0.1',
  `http.port: ${port}`,
  'transport.port: 0',
  'node.store.allow_mmap: false',
  `path.data: ${folder}/data`,
  `path.logs: ${folder}/logs`,
  // The machine's disk may be fuller than Elasticsearch likes.
  'cluster.routing.allocation.disk.threshold_enabled: false',
];

/** Elasticsearch refuses to run as root, so all that is in its folder belongs to the user of the image. */
export const giveToServer = (folder: string): void => {
  if (!isRoot()) return;
  const done = spawnSync('chown', ['-R', `${USER}:${USER}`, folder], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};

/**
 * The launcher, whose server has the same pipes. It ends when this process ends, however that happens. `inside`: a
 * command that becomes it, as one that makes a network namespace.
 */
export const launchServer = (
  home: string,
  folder: string,
  niceness = 0,
  inside: readonly string[] = [],
): ChildProcess => {
  const user = isRoot() ? ['--reuid', USER, '--regid', USER, '--clear-groups'] : [];
  const server = ['nice', '-n', String(niceness), join(home, 'bin/elasticsearch')];
  const [program = '', ...args] = [...inside, 'setpriv', '--pdeathsig', 'KILL', ...user, ...server];
  return spawn(program, args, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ES_PATH_CONF: join(folder, 'config'),
      ES_TMPDIR: join(folder, 'tmp'),
      ES_JAVA_OPTS: '-Xms512m -Xmx512m',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};
