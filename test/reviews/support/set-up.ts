import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './elasticsearch.ts';
import { USERS } from './file-realm.ts';

export const BASE = join(__dirname, '../../../base/reviews');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folders that the set-up's pod sees: files to change, and the credentials of each user. */
export interface Mounts {
  readonly index: string;
  readonly users: string;
}

export function makeMounts(server: Server): Mounts {
  const mounts = { index: join(server.folder, 'index'), users: join(server.folder, 'users') };
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

/** What the container of a script has as its environment. */
export function scriptEnvironment(server: Server, mounts: Mounts): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    TMPDIR: server.folder,
    ELASTICSEARCH_URL: server.url,
    CA_FILE: server.caFile,
    FILES: mounts.index,
    CREDENTIALS: join(mounts.users, 'setup'),
    ERASER: join(mounts.users, 'erase'),
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
    const child = spawn('bash', [join(BASE, 'setup', script), ...args], {
      env: { ...scriptEnvironment(server, mounts), ...env },
      timeout,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
