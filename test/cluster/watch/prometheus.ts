// A Prometheus of its own for one scenario: nothing of the one before is in it. It ends with this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { goProgram } from '../../../scripts/lib/go-tools.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { freePort } from '../../support/free-port.ts';
import { type Account, configurationOf, kubeconfigOf, lookbackOf, rulesOf } from './configuration.ts';

const readySeconds = 60;

/** Without the clients of twenty clouds, which take longer to build than all the rest. */
export const prometheusProgram = (): Promise<string> =>
  goProgram('prometheus', join(root, 'test/monitoring/prometheus'), 'github.com/prometheus/prometheus/cmd/prometheus', [
    'remove_all_sd',
    'enable_kubernetes_sd',
  ]);

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

export interface Watched {
  readonly namespace: string;
  readonly account: Account;
  readonly factor: number;
}

/** Hundredths of a second. */
const TICKS = 100;

export class Prometheus {
  #log = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.#log += text.toString();
      });
    child.once('error', (error) => {
      this.#log += String(error);
    });
  }

  static async start({ namespace, account, factor }: Watched): Promise<Prometheus> {
    const program = await prometheusProgram();
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const file = (name: string): string => join(folder, name);
    // Nobody else may read the token.
    writeFileSync(file('kubeconfig'), kubeconfigOf(account), { mode: 0o600 });
    writeFileSync(file('rules.yml'), dump(rulesOf(factor), { lineWidth: -1 }));
    const port = await freePort();
    const place = { namespace, kubeconfig: file('kubeconfig'), rules: file('rules.yml'), port, factor };
    writeFileSync(file('prometheus.yml'), dump(configurationOf(place)));
    const args = [
      `--config.file=${file('prometheus.yml')}`,
      `--storage.tsdb.path=${file('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--query.lookback-delta=${lookbackOf(factor)}`,
      '--log.level=warn',
    ];
    // What is measured beside it needs the processors.
    const env = { ...process.env, GOMAXPROCS: '1' };
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { env });
    const prometheus = new Prometheus(child, port, folder);
    const end = Date.now() + readySeconds * 1000;
    while (!(await prometheus.isReady())) {
      if (Date.now() > end || child.exitCode !== null) {
        await prometheus.stop();
        throw new Error(`Prometheus is not ready:\n${prometheus.log}`);
      }
      await pause(200);
    }
    return prometheus;
  }

  private async isReady(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.port}/-/ready`;
    return fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async query(expression: string): Promise<Sample[]> {
    const url = `http://127.0.0.1:${this.port}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    const { status, error, data } = (await response.json()) as Answer;
    if (status !== 'success' || data === undefined)
      throw new Error(`Prometheus answers ${response.status} to ${expression}: ${error ?? status}`);
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  get log(): string {
    return this.#log;
  }

  /** Of its process until now. */
  get cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.child.pid ?? 0}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) / TICKS;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once('close', resolve));
      this.child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
