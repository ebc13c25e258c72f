// A Docker engine for the tests. One that answers is used as it is; otherwise a private one is started: root and
// Debian's docker.io are enough, it has its own data and socket, and stopping it leaves nothing behind on the host's
// network.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../scripts/lib/process.ts';
import { CGROUP_PARENT, removeGroups } from './cgroups.ts';
import { networkBefore, restoreNetwork } from './host-network.ts';
import { withLock } from './lock.ts';
import { isRunning, type ProcessRecord, recordOf, stopProcess } from './process-record.ts';
import { whyNoEngine } from './reachable.ts';

export interface Engine {
  /** What a docker client needs to reach it. */
  readonly env: NodeJS.ProcessEnv;
  /** False for the machine's own engine: nothing may be put into it under a name that is not ours. */
  readonly isPrivate: boolean;
}

const home = process.env['DELIVERY_REVIEWS_DOCKER_HOME'] ?? '/var/cache/delivery-reviews-docker';
const files = {
  socket: join(home, 'docker.sock'),
  log: join(home, 'dockerd.log'),
  record: join(home, 'dockerd.json'),
  lock: join(home, 'lock'),
};
const privateEnv: NodeJS.ProcessEnv = { ...process.env, DOCKER_HOST: `unix://${files.socket}` };

/** Whether the engine that docker's own settings name is the private one. */
export const isNamedByUs = (): boolean => process.env['DOCKER_HOST'] === privateEnv['DOCKER_HOST'];

/** The engine to use, started if need be. Several callers may share it. */
export async function startEngine(): Promise<Engine> {
  if (await answers(process.env)) return { env: process.env, isPrivate: isNamedByUs() };
  mkdirSync(home, { recursive: true });
  await withLock(files.lock, async () => {
    if (!(await answers(privateEnv))) await startOrAwait();
  });
  return { env: privateEnv, isPrivate: true };
}

/** Ends the private engine, if one runs. Its images stay for the next time. */
export async function stopEngine(): Promise<void> {
  const record = recorded();
  if (record === undefined) return;
  await stopProcess(record.process);
  await restoreNetwork(record.network);
  await removeGroups();
  rmSync(files.record, { force: true });
}

/** Ends the private engine if this process, or a child of it, has started it. */
export async function stopOwnEngine(): Promise<void> {
  if (recorded()?.startedBy.includes(process.pid)) await stopEngine();
}

async function answers(env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await run('docker', ['info', '--format', '{{.ServerVersion}}'], { env, seconds: 10 })).code === 0;
}

interface EngineRecord {
  readonly process: ProcessRecord;
  /** The starting process and its parent, which for a test file is jest itself. */
  readonly startedBy: readonly number[];
  readonly network: Awaited<ReturnType<typeof networkBefore>>;
}

function recorded(): EngineRecord | undefined {
  return existsSync(files.record) ? (JSON.parse(readFileSync(files.record, 'utf8')) as EngineRecord) : undefined;
}

async function startPrivate(): Promise<void> {
  const reason = whyNoEngine();
  if (reason !== undefined) throw new Error(`a Docker engine: ${reason}`);
  const network = await networkBefore();
  const log = openSync(files.log, 'w');
  const daemon = spawn(
    'dockerd',
    [
      '--host',
      `unix://${files.socket}`,
      '--data-root',
      join(home, 'data'),
      '--exec-root',
      join(home, 'exec'),
      '--pidfile',
      join(home, 'dockerd.pid'),
      '--exec-opt',
      'native.cgroupdriver=cgroupfs', // systemd's driver takes a slice for a parent
      '--cgroup-parent',
      `/${CGROUP_PARENT}`,
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  daemon.unref();
  if (daemon.pid === undefined) throw new Error('dockerd could not be started');
  const record: EngineRecord = { process: recordOf(daemon.pid), startedBy: [process.pid, process.ppid], network };
  writeFileSync(files.record, JSON.stringify(record));
  await untilItAnswers(record.process);
}

/** An engine on a busy machine may be slow to answer: other test files use it, so it is awaited, never replaced. */
async function startOrAwait(): Promise<void> {
  const running = recorded()?.process;
  if (running !== undefined && isRunning(running)) return untilItAnswers(running);
  await stopEngine(); // what one that died has left
  await startPrivate();
}

async function untilItAnswers(daemon: ProcessRecord): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await answers(privateEnv))) {
    if (!isRunning(daemon) || Date.now() > end) {
      const said = readFileSync(files.log, 'utf8').slice(-2000);
      await stopEngine();
      throw new Error(`dockerd did not come up; the end of ${files.log}:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
