// Certificates and users as base/credentials would make them, by the image's own tools.
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Docker, must, restricted } from './docker.ts';
import type { Secrets } from './pod.ts';

/** Letters and digits only: they pass through a shell. */
export const passwords = { elastic: 'the-first-password', operations: 'operations-password' } as const;

const names = ['localhost', '*.elasticsearch-nodes.reviews.svc.cluster.local'];

const script = [
  'set -euo pipefail',
  'cd /made',
  'elasticsearch-certutil ca --silent --pem --out /made/ca.zip --days 30',
  'unzip -qjo ca.zip',
  'elasticsearch-certutil cert --silent --pem --out /made/tls.zip --days 30 --name tls --dns ' +
    `'${names.join(',')}' --ca-cert /made/ca.crt --ca-key /made/ca.key`,
  'unzip -qjo tls.zip',
  'cp -r /usr/share/elasticsearch/config /made/config',
  'export ES_PATH_CONF=/made/config',
  `elasticsearch-users useradd operations -p ${passwords.operations} -r operations`,
  'chmod -R a+rwX /made/*',
].join('\n');

/** The Secrets of a cluster before its first start, in a folder that the caller removes with the pod. */
export const makeSecrets = async (engine: Docker, image: string): Promise<Secrets> => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  chmodSync(folder, 0o777);
  const mount = `--volume=${folder}:/made`;
  try {
    await must(engine, ['run', '--rm', ...restricted, mount, '--entrypoint=bash', image, '-c', script]);
    const made = (file: string): string => readFileSync(join(folder, file), 'utf8');
    return {
      'elasticsearch-tls': { 'ca.crt': made('ca.crt'), 'tls.crt': made('tls.crt'), 'tls.key': made('tls.key') },
      'elasticsearch-users': { users: made('config/users'), users_roles: made('config/users_roles') },
      'elasticsearch-user-operations': { username: 'operations', password: passwords.operations },
      'elasticsearch-user-elastic': { username: 'elastic', password: passwords.elastic },
    };
  } finally {
    await must(engine, [
      'run',
      '--rm',
      '--user=0',
      `--volume=${folder}:/made`,
      '--entrypoint=bash',
      image,
      '-c',
      'rm -rf /made/*',
    ]);
  }
};
