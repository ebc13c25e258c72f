// The set-up's programs as their containers run them: from mounted ConfigMaps, by the Node.js of the image, with what
// the manifest sets.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { agentNode } from '../../agent/support/node.ts';
import { mountConfigMap } from '../../support/config-map.ts';

export const BASE = join(root, 'base/reviews');

export type Program = 'setup.ts' | 'dashboard.ts' | 'erase.ts';

interface LogLine {
  readonly message: string;
  readonly 'log.level': string;
  readonly 'process.name': string;
}

/** Each line parsed: what is no line of the log is an error. */
export const linesOf = (log: string): LogLine[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);

export const messagesOf = (log: string): string =>
  linesOf(log)
    .map(({ message }) => `${message}\n`)
    .join('');

/** What a program does in its own time. */
export const until = async (condition: () => boolean, seconds = 100): Promise<void> => {
  const last = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > last) throw new Error(`it did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** The variables of one container, as the manifest gives them. */
const environmentOf = (container: string): Record<string, string> => {
  const deployment = load(readFileSync(join(BASE, 'deployment.yaml'), 'utf8')) as IDeployment;
  const found = deployment.spec?.template.spec?.containers.find(({ name }) => name === container);
  return Object.fromEntries((found?.env ?? []).map(({ name, value = '' }) => [name, value]));
};

/** Where node is, and where the ConfigMaps are mounted. */
export class Programs {
  private constructor(
    private readonly node: string,
    private readonly folder: string,
  ) {}

  static async create(): Promise<Programs> {
    const folder = mkdtempSync(join(tmpdir(), 'reviews-programs-'));
    mountConfigMap(join(BASE, 'setup'), join(folder, 'opt/reviews/setup'));
    mountConfigMap(join(root, 'base/lib'), join(folder, 'opt/lib'));
    return new Programs(await agentNode(), folder);
  }

  private path(program: Program): string {
    return join(this.folder, 'opt/reviews/setup', program);
  }

  private environment(program: Program, env: Readonly<Record<string, string>>): Record<string, string> {
    return { ...environmentOf(program === 'dashboard.ts' ? 'dashboard' : 'setup'), ...env };
  }

  /** To its end. */
  run(
    program: Program,
    env: Readonly<Record<string, string>>,
    { input = '', seconds = 120, args = [] }: { input?: string; seconds?: number; args?: readonly string[] } = {},
  ): Promise<Finished> {
    return run(this.node, [this.path(program), ...args], { env: this.environment(program, env), input, seconds });
  }

  /** One that goes on. `stdin` stays open. */
  start(program: Program, env: Readonly<Record<string, string>>): ChildProcess {
    return spawn(this.node, [this.path(program)], { env: this.environment(program, env), stdio: 'pipe' });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
