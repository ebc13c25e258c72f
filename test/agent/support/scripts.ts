// The bash in Elasticsearch's own container, run for real in a folder of the test, beside a real socket of the agent.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { logLine } from '../../../base/elasticsearch/agent/log.ts';
import { type Doors, listen, socketPath } from '../../../base/elasticsearch/agent/socket.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';

export const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('did not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

export class Scripts {
  readonly folder = mkdtempSync(join(tmpdir(), 'hooks-'));
  readonly agent = join(this.folder, 'agent');
  readonly env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    AGENT: this.agent,
    LOG_TO: join(this.folder, 'log'),
    ES_HOME: join(this.folder, 'home'),
    PREPARED: join(this.folder, 'prepared'),
    POLL_SECONDS: '0.1',
    PRE_STOP_AGENT_SECONDS: '2',
  };
  /** What the hook said that it has waited, at each of its asks. */
  readonly elapsed: number[] = [];
  /** What the agent answers to the next ask. */
  go = false;
  readonly reasons: string[] = [];
  readonly doors: Doors = {
    prepare: async (diskIsEmpty) => this.prepare(diskIsEmpty),
    stop: (seconds) => {
      this.elapsed.push(seconds);
      return { go: this.go, lines: this.reasons.splice(0).map((reason) => logLine('INFO', reason)) };
    },
    letGo: () => false,
    health: async () => ({ ok: true, value: '{}' }),
    status: () => ({}),
    metrics: () => '',
  };
  prepare: (diskIsEmpty: boolean) => Awaited<ReturnType<Doors['prepare']>> = () => ({
    ok: true,
    lines: ['prepare: well'],
  });
  private server: Server | undefined;

  constructor() {
    mkdirSync(this.agent);
    this.write('log', '');
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** With `uid`, as another user, as in the image. */
  bash(script: string, more: Record<string, string> = {}, uid?: number): Promise<Finished> {
    const [command, ...args] = [
      ...(uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']),
      'bash',
      join(root, 'base/elasticsearch/lifecycle', script),
    ];
    return run(command, args, { env: { ...this.env, ...more }, seconds: 20 });
  }

  log(): string {
    return existsSync(this.path('log')) ? readFileSync(this.path('log'), 'utf8') : '';
  }

  /** Each line must be one JSON object. */
  messages(): string[] {
    return this.log()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { readonly message: string }).message);
  }

  /** Opens the agent's door. */
  async start(): Promise<void> {
    this.server = await listen(socketPath(this.agent), this.doors);
  }

  async die(): Promise<void> {
    const dying = this.server;
    this.server = undefined;
    dying?.closeAllConnections();
    if (dying !== undefined) await new Promise((resolve) => dying.close(resolve));
  }

  async end(): Promise<void> {
    await this.die();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
