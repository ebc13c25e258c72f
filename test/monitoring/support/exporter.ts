// The exporter as its container starts it: by run.sh, with login and authority as files.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { goProgram } from '../../../scripts/lib/go-tools.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { freePort } from '../../support/free-port.ts';

const scripts = join(root, 'components/monitoring/scripts');
const target = 'github.com/prometheus-community/elasticsearch_exporter';

export interface Mounted {
  readonly url: string;
  readonly login: string;
  readonly authority: string;
  readonly readAtStart: string;
}

export const variables = ({ url, login, authority, readAtStart }: Mounted): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  ELASTICSEARCH_URL: url,
  LOGIN: login,
  AUTHORITY: authority,
  READ_AT_START: readAtStart,
  ANSWER_WITHIN: '5s',
});

export const exporterProgram = (): Promise<string> =>
  goProgram('elasticsearch_exporter', join(root, 'test/lab/exporter'), target);

/** Version 1.5, which Debian has. */
export const oldExporterProgram = (): Promise<string> =>
  goProgram('elasticsearch_exporter', join(root, 'test/monitoring/exporter-1.5'), target);

export class Exporter {
  #log = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.#log += text.toString();
      });
  }

  /** As the pod does. */
  static async start(mounted: Mounted): Promise<Exporter> {
    const port = await freePort();
    const env = { ...variables(mounted), EXPORTER: await exporterProgram(), LISTEN: `127.0.0.1:${port}` };
    return Exporter.#listening(spawn('sh', [join(scripts, 'run.sh')], { env }), port);
  }

  /** The old one in the words that it knows. */
  static async startOld({ url, login, authority }: Mounted): Promise<Exporter> {
    const port = await freePort();
    const program = await oldExporterProgram();
    const args = [`--es.uri=${url}`, `--es.ca=${authority}/ca.crt`, '--es.all', '--es.cluster_settings'];
    const read = (name: string): string => readFileSync(join(login, name), 'utf8');
    const env = { ES_USERNAME: read('username'), ES_PASSWORD: read('password') };
    return Exporter.#listening(spawn(program, [...args, `--web.listen-address=127.0.0.1:${port}`], { env }), port);
  }

  static async #listening(child: ChildProcess, port: number): Promise<Exporter> {
    const exporter = new Exporter(child, port);
    for (let tries = 0; ; tries += 1) {
      try {
        if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return exporter;
      } catch (error) {
        if (tries > 200 || child.exitCode !== null)
          throw new Error(`the exporter does not answer: ${exporter.#log}`, { cause: error });
      }
      await pause(100);
    }
  }

  async scrape(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
  }

  get log(): string {
    return this.#log;
  }

  /** Of its process, in MiB. */
  get residentMib(): number {
    const status = readFileSync(`/proc/${this.child.pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  get commandLine(): string {
    return readFileSync(`/proc/${this.child.pid ?? 0}/cmdline`, 'utf8');
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
