// The probe as its container runs it: from mounted ConfigMaps, by the Node.js of the image, with what the manifest
// sets, but at a quicker pace.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { root } from '../../../scripts/lib/paths.ts';
import { agentNode } from '../../agent/support/node.ts';
import { mountConfigMap } from '../../support/config-map.ts';
import { freePort } from '../../support/free-port.ts';
import type { Server } from './elasticsearch.ts';
import { passwordOf } from './file-realm.ts';
import { until } from './programs.ts';
import type { Mounts } from './set-up.ts';

const FOLDER = 'components/reviews-probe';

/** As the manifest says it. */
export const probeEnvironment = (): Record<string, string> => {
  const deployment = load(readFileSync(join(root, FOLDER, 'deployment.yaml'), 'utf8')) as IDeployment;
  const [container] = deployment.spec?.template.spec?.containers ?? [];
  return Object.fromEntries((container?.env ?? []).map(({ name, value = '' }) => [name, value]));
};

export class ProbeProgram {
  #child: ChildProcess | undefined;
  log = '';

  private constructor(
    private readonly node: string,
    private readonly folder: string,
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async create(server: Server, mounts: Mounts): Promise<ProbeProgram> {
    const folder = mkdtempSync(join(tmpdir(), 'reviews-probe-'));
    for (const part of [`${FOLDER}/program`, 'base/lib']) mountConfigMap(join(root, part), join(folder, 'opt', part));
    const port = await freePort();
    return new ProbeProgram(await agentNode(), folder, port, {
      ...probeEnvironment(),
      ELASTICSEARCH_URL: `${server.url}/`,
      AUTHORITY: join(server.folder, 'config/certificates'),
      LOGIN: join(mounts.users, 'probe'),
      SEARCH_EVERY_SECONDS: '1',
      SEARCH_WITHIN_SECONDS: '1',
      WRITE_EVERY_SECONDS: '1',
      WRITE_WITHIN_SECONDS: '1',
      METRICS_PORT: String(port),
    });
  }

  get password(): string {
    return passwordOf('probe');
  }

  /** With a log of its own. */
  start(): void {
    this.log = '';
    const main = join(this.folder, 'opt', FOLDER, 'program/main.ts');
    this.#child = spawn(this.node, [main], { env: this.env, stdio: 'pipe' });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.log += text.toString();
      });
  }

  async untilSaid(words: string): Promise<void> {
    await until(() => this.log.includes(words) || this.#child?.exitCode !== null, 60).catch(() => undefined);
    if (!this.log.includes(words)) throw new Error(`the probe did not say "${words}":\n${this.log}`);
  }

  async scrape(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
