import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../../../scripts/lib/process.ts';
import type { Server } from './elasticsearch.ts';
import { USERS } from './file-realm.ts';
import { BASE, Programs } from './programs.ts';

/** The folders that the set-up's pod sees: files to change, and the credentials of each user. */
export interface Mounts {
  readonly index: string;
  readonly users: string;
  readonly programs: Programs;
}

export async function makeMounts(server: Server): Promise<Mounts> {
  const programs = await Programs.create();
  const mounts = { index: join(server.folder, 'index'), users: join(server.folder, 'users'), programs };
  cpSync(join(BASE, 'index'), mounts.index, { recursive: true });
  // One node has room for no second copy.
  writeFileSync(
    join(mounts.index, 'settings-copies.json'),
    '{"index":{"number_of_replicas":0,"auto_expand_replicas":false}}',
  );
  for (const [name, { password }] of Object.entries(USERS)) putCredentials(join(mounts.users, name), name, password);
  return mounts;
}

export function putCredentials(folder: string, username: string, password: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'username'), username);
  writeFileSync(join(folder, 'password'), password);
}

/** What differs from the manifest. */
export function setUpEnvironment(server: Server, mounts: Mounts): Record<string, string> {
  return {
    ELASTICSEARCH_URL: server.url,
    CA_FILE: server.caFile,
    FILES: mounts.index,
    CREDENTIALS: join(mounts.users, 'setup'),
    READY_FILE: join(server.folder, 'ready'),
    ONCE: 'yes',
  };
}

/** The set-up, once. What it says is on stdout. */
export function setUp(
  server: Server,
  mounts: Mounts,
  env: Readonly<Record<string, string>> = {},
  seconds = 120,
): Promise<Finished> {
  return mounts.programs.run('setup.ts', { ...setUpEnvironment(server, mounts), ...env }, { seconds });
}

/** The proof is on stdout, all else on stderr. */
export function erase(server: Server, mounts: Mounts, customer: string): Promise<Finished> {
  const env = { ELASTICSEARCH_URL: server.url, CA_FILE: server.caFile, ERASER: join(mounts.users, 'erase') };
  return mounts.programs.run('erase.ts', env, { input: `${customer}\n` });
}
