// The start script as the pod runs it: real bash, real signals, Secrets mounted as the kubelet does, and a stand-in for
// Kibana's server at its end.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';

export interface Said {
  readonly event: 'start' | 'listening' | 'reload' | 'end' | 'failed';
  readonly pid: number;
  readonly authority?: string;
  readonly login?: string;
  readonly keys?: readonly string[];
  readonly certificate?: string;
  readonly port?: number;
  readonly code?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Pod {
  readonly folder = mkdtempSync(join(tmpdir(), 'kibana-pod-'));
  log = '';
  ended: Ended | undefined;
  private child: ChildProcess | undefined;
  private version = 0;

  constructor() {
    this.mount('authority', { 'ca.crt': 'authority 1' });
    this.mount('certificates', { 'tls.crt': 'certificate 1', 'tls.key': 'key 1' });
    this.mount('login', { username: 'kibana-server', password: 'password 1' });
    this.mount('keys', { session: 'a', 'saved-objects': 'b', reporting: 'c' });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A Secret as the kubelet mounts it: its files are links through a folder that is replaced at once. */
  mount(name: string, files: Readonly<Record<string, string>>): void {
    const volume = this.path(name);
    mkdirSync(volume, { recursive: true });
    const data = `..${(this.version += 1)}`;
    mkdirSync(join(volume, data));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(volume, data, file), content);
    symlinkSync(data, join(volume, '..new'));
    renameSync(join(volume, '..new'), join(volume, '..data'));
    for (const file of Object.keys(files))
      if (!existsSync(join(volume, file))) symlinkSync(`..data/${file}`, join(volume, file));
  }

  unmount(name: string, file: string): void {
    unlinkSync(join(this.path(name), file));
  }

  start(env: Readonly<Record<string, string>> = {}, through: readonly string[] = []): void {
    this.ended = undefined;
    const [command, ...args] = [...through, 'bash', join(root, 'base/kibana/scripts/run.sh')];
    const child = spawn(command, args, {
      // Its own group, so that what it leaves behind can be ended with it, as a container does.
      detached: true,
      env: {
        PATH: process.env['PATH'],
        POD_IPS: '127.0.0.1',
        POD_NAME: 'kibana-7d9-abcde',
        INSTANCES: 'localhost',
        AUTHORITY: this.path('authority'),
        TLS: this.path('certificates'),
        LOGIN: this.path('login'),
        KEYS: this.path('keys'),
        KIBANA: join(__dirname, 'kibana.mjs'),
        SAID: this.path('said'),
        UNAVAILABLE: this.path('unavailable'),
        PORT: '0',
        LOOK_SECONDS: '0.2',
        ...env,
      },
    });
    this.child = child;
    child.stderr?.on('data', (text: Buffer) => (this.log += text.toString()));
    child.on('exit', (code, signal) => (this.ended = { code, signal }));
  }

  said(): Said[] {
    if (!existsSync(this.path('said'))) return [];
    const lines = readFileSync(this.path('said'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Said);
  }

  events(): string[] {
    return this.said().map(({ event }) => event);
  }

  async until(holds: () => boolean, seconds = 10): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!holds()) {
      if (Date.now() > end)
        throw new Error(
          `not within ${seconds} s; said ${JSON.stringify(this.said())}, ended ` +
            `${JSON.stringify(this.ended)}, log:\n${this.log}`,
        );
      await sleep(50);
    }
  }

  kill(): void {
    if (this.child?.pid !== undefined) {
      try {
        process.kill(-this.child.pid, 'SIGKILL');
      } catch {
        // Nothing of it is left.
      }
    }
    this.child = undefined;
  }

  remove(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
