// The continuous load during a scenario: one client pod, followed through its log.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Line, Progress, Report } from '../load/protocol.ts';
import { loadBundle } from './bundle.ts';
import { startClient, stopClient } from './client-pod.ts';
import { exec, k, logs } from './kube.ts';
import { say } from './say.ts';
import { until } from './until.ts';

const name = 'load';
const program = '/opt/client/load.cjs';

export interface LoadOptions {
  readonly namespace: string;
  /** A Kubernetes node that the scenario leaves alone. */
  readonly node?: string | undefined;
  /** Copies of each shard beside the primary. */
  readonly replicas?: number;
  /** Reviews, written and searched by the users of programs, instead of indices of its own. */
  readonly reviews?: boolean;
}

export class Load {
  /** Everything that the driver has said. */
  readonly lines: Line[] = [];
  latest: Progress | undefined;
  private follower: ChildProcess | undefined;
  private rest = '';

  private constructor(private readonly namespace: string) {}

  static async start({ namespace, node, replicas = 1, reviews = false }: LoadOptions): Promise<Load> {
    await startClient({
      namespace,
      name,
      node,
      command: ['node', program, reviews ? 'reviews' : 'run'],
      files: { 'load.cjs': loadBundle() },
      env: { REPLICAS: String(replicas) },
      ...(reviews ? { users: ['ingest', 'search', 'operations'] } : {}),
    });
    const load = new Load(namespace);
    load.follow();
    await until('the load flowing', { seconds: 240 }, async () => load.flowing(20)).catch(async (error: unknown) => {
      load.unfollow();
      throw new Error(`${String(error)}\n${await logs(namespace, name, 'client')}`);
    });
    return load;
  }

  /** Every index has at least so many acknowledged writes, the last of them just now. */
  flowing(writes = 1): boolean {
    const { latest } = this;
    return (
      latest !== undefined &&
      latest.openGapMs < 1000 &&
      Object.values(latest.acknowledged).every((count) => count >= writes)
    );
  }

  acknowledged(): number {
    return Object.values(this.latest?.acknowledged ?? {}).reduce((sum, count) => sum + count, 0);
  }

  /** Ends the load, lets it look for each acknowledged document, and returns what it measured. */
  async stop(): Promise<Report> {
    const done = await exec(this.namespace, name, ['sh', '-c', 'kill -USR2 1'], { container: 'client' });
    if (done.code !== 0) throw new Error(`the load cannot be stopped: ${done.stderr}`);
    try {
      return await until('the report of the load', { seconds: 180, every: 0.5 }, async () =>
        this.lines.find((line) => line.kind === 'report'),
      );
    } finally {
      await this.remove();
    }
  }

  /**
   * After a crash that took the driver as well: a new one looks for everything that the old one said was acknowledged.
   */
  async verifyAfterCrash(): Promise<string[]> {
    this.unfollow();
    const counts = JSON.stringify(this.latest?.acknowledged ?? {});
    await startClient({
      namespace: this.namespace,
      name,
      command: ['node', program, 'verify', counts],
      files: { 'load.cjs': loadBundle() },
    });
    return until('the verification of the load', { seconds: 180 }, async () => {
      const text = await logs(this.namespace, name, 'client');
      const verified = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []));
      return verified.flatMap((line) => (line.kind === 'verified' ? [[...line.lost]] : []))[0];
    });
  }

  async remove(): Promise<void> {
    this.unfollow();
    await stopClient(this.namespace, name);
  }

  unfollow(): void {
    this.follower?.kill('SIGKILL');
    this.follower = undefined;
  }

  private follow(): void {
    // jest gives tests an environment of their own, which a child process gets only when it is handed over.
    const follower = spawn('kubectl', ['-n', this.namespace, 'logs', '--follow', name], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    follower.stdout.on('data', (chunk: Buffer) => this.read(chunk.toString('utf8')));
    follower.stderr.on('data', (chunk: Buffer) => say(`  kubectl logs: ${chunk.toString('utf8').trim()}`));
    this.follower = follower;
  }

  private read(text: string): void {
    const parts = (this.rest + text).split('\n');
    this.rest = parts.pop() ?? '';
    for (const part of parts) {
      if (!part.startsWith('{')) continue;
      const line = JSON.parse(part) as Line;
      if (line.kind === 'progress') {
        this.latest = line;
        continue;
      }
      this.lines.push(line);
      if (line.kind === 'status') say(`  status seen by the client: ${line.status.status}, ${line.status.nodes} nodes`);
    }
  }
}

/** The load of a scenario that has failed leaves no indices behind. */
export const removeLoad = (namespace: string): Promise<unknown> =>
  k(['-n', namespace, 'delete', 'pod', name, '--ignore-not-found', '--grace-period=1']);
