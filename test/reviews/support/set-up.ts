import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './elasticsearch.ts';

export const BASE = join(__dirname, '../../../base/reviews');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folders that the set-up's pod sees: files to change, and the credentials of each program. */
export interface Mounts {
  readonly files: string;
  readonly users: string;
  readonly admin: string;
}

export const PASSWORDS: Readonly<Record<string, string>> = {
  ingest: 'ingest-1234567890',
  search: 'search-1234567890',
  analyst: 'analyst-1234567890',
  monitoring: 'monitoring-1234567890',
  kibana: 'kibana-1234567890',
  dashboard: 'dashboard-1234567890',
};

export function makeMounts(server: Server): Mounts {
  const mounts = { files: join(server.folder, 'files'), users: join(server.folder, 'users'), admin: join(server.folder, 'admin') };
  for (const part of ['index', 'roles', 'users']) cpSync(join(BASE, part), join(mounts.files, part), { recursive: true });
  // One node has room for no second copy.
  writeFileSync(join(mounts.files, 'index/settings-copies.json'), '{"index":{"number_of_replicas":0,"auto_expand_replicas":false}}');
  for (const [name, password] of Object.entries(PASSWORDS)) {
    putCredentials(join(mounts.users, name), name === 'kibana' ? 'kibana_system' : name, password);
  }
  putCredentials(mounts.admin, 'elastic', server.password);
  return mounts;
}

export function putCredentials(folder: string, username: string, password: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'username'), username);
  writeFileSync(join(folder, 'password'), password);
}

/** What the container of a script has as its environment. */
export function scriptEnvironment(server: Server, mounts: Mounts): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    TMPDIR: server.folder,
    ELASTICSEARCH_URL: server.url,
    CA_FILE: server.caFile,
    FILES: mounts.files,
    USERS: mounts.users,
    ADMIN: mounts.admin,
    READY_FILE: join(server.folder, 'ready'),
    ONCE: 'yes',
  };
}

/** Runs one of the set-up's scripts as its container does, to its end. */
export function runScript(
  server: Server,
  mounts: Mounts,
  script: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  timeout = 120_000,
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn('bash', [join(BASE, 'setup', script), ...args], { env: { ...scriptEnvironment(server, mounts), ...env }, timeout });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
