// The agent's program as it runs in the cluster: from the folder of a ConfigMap, by the Node.js of the image, under its
// supervisor.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { mountConfigMap } from '../../support/config-map.ts';
import { environment } from './environment.ts';
import { agentNode } from './node.ts';

export const source = join(root, 'base/elasticsearch/agent');
const lib = join(root, 'base/lib');
const smallDisk = join(root, 'test/agent/support/small-disk.sh');

export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), 'main-'));
  readonly env: Record<string, string> = environment(this.folder);
  readonly #program = join(this.folder, 'opt/elasticsearch/agent');
  /** Where its files are, seen from outside. */
  #seenAt = '';
  #supervisor: ChildProcess | undefined;
  #output = '';

  /** Laid out as the kubelet mounts it, and not started. */
  static async create(): Promise<Program> {
    const program = new Program();
    symlinkSync(await agentNode(), join(program.folder, 'bin/node'));
    return program;
  }

  private constructor() {
    mountConfigMap(source, this.#program);
    mountConfigMap(lib, join(this.folder, 'opt/lib'));
    mkdirSync(join(this.folder, 'bin'));
    mkdirSync(join(this.folder, 'agent'));
    this.write('settings/elasticsearch.yml', 'cluster.name: reviews\n');
    this.write('membership/initial_master_nodes.txt', 'elasticsearch-0\n');
    this.write('membership/unicast_hosts.txt', 'elasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\n');
    this.write('max_map_count', '1048576\n');
    this.write('hosts', '10.0.0.1 elasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\n');
    this.env['PATH'] = `${join(this.folder, 'bin')}:${this.env['PATH']}`;
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** `inside`: a command that becomes it. */
  start(inside: readonly string[] = []): void {
    const [command, ...words] = [...inside, 'sh', join(this.#program, 'run.sh')];
    this.#supervisor = spawn(command, words, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#supervisor.stdout, this.#supervisor.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString('utf8');
      });
  }

  /** The folder that it shares with Elasticsearch's container is a disk of 64 kB and 32 files, which it alone sees. */
  async startOnSmallDisk(): Promise<string> {
    this.start(['unshare', '--mount', 'sh', smallDisk, join(this.folder, 'agent')]);
    this.#seenAt = `/proc/${this.#supervisor?.pid}/root`;
    await this.until(() => this.serves());
    return join(this.#seenAt, this.folder, 'agent');
  }

  /** How it ended. */
  async end(): Promise<unknown> {
    const ending = this.#supervisor;
    this.#supervisor = undefined;
    if (ending === undefined || ending.exitCode !== null) return ending?.exitCode;
    const ended = new Promise((resolve) => ending.on('exit', (code, signal) => resolve(code ?? signal)));
    ending.kill('SIGTERM');
    return ended;
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  call(method: string, path: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve) => {
      const asked = request(
        { socketPath: join(this.#seenAt, this.folder, 'agent/agent.sock'), method, path },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      asked.on('error', () => resolve({ status: 0, text: '' }));
      asked.end();
    });
  }

  /** One of the programs that people run beside it. */
  run(file: string, ...words: string[]): Promise<Finished> {
    return run(join(this.folder, 'bin/node'), [join(this.#program, file), ...words], { env: this.env, seconds: 25 });
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const last = Date.now() + 20_000;
    while (!(await condition())) {
      if (Date.now() > last) throw new Error(`did not come true:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async serves(): Promise<boolean> {
    return (await this.call('GET', '/status')).status === 200;
  }

  async startAndServe(): Promise<void> {
    this.start();
    await this.until(() => this.serves());
  }

  /** Of the supervisor's children. */
  pids(): string[] {
    const children = `/proc/${this.#supervisor?.pid}/task/${this.#supervisor?.pid}/children`;
    return readFileSync(children, 'utf8').trim().split(' ');
  }

  /** What it has written, each line parsed. */
  lines(): { readonly message: string; readonly 'event.action'?: string }[] {
    return this.#output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { readonly message: string });
  }

  messages(): string[] {
    return this.lines().map(({ message }) => message);
  }
}
