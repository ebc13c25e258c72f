// Starts the suite and cleans up after it, however it ends:
// tsx test/cluster/run.ts [jest's own options, such as -t NAME]
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { undeploy } from './harness/cluster.ts';
import { takeDisksBack } from './harness/disk.ts';
import { maybe } from './harness/kube.ts';
import { keep, onCurrentContext } from './harness/settings.ts';

const lab = join(root, 'test/lab/lab');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const labRuns = async (): Promise<boolean> => (await run('ip', ['link', 'show', 'lab0'], { seconds: 10 })).code === 0;

const cannotStart = async (): Promise<string | undefined> => {
  if (onCurrentContext) return undefined;
  if ((await labRuns()) && !keep)
    return (
      'A lab is running already. "make lab-down" removes it; CLUSTER=current uses the cluster of the current ' +
      'kubectl context; KEEP=1 takes over the lab.'
    );
  const check = await run(lab, ['check'], { seconds: 60 });
  return check.code === 0 ? undefined : check.stderr;
};

/** In a process group of its own, so that an interrupt ends jest and everything that it has started. */
const jest = (args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const options = ['--config', join(root, 'test/cluster/jest.config.cjs'), '--runInBand', ...args];
    const child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...options], {
      cwd: root,
      stdio: 'inherit',
      detached: true,
    });
    const end = (signal: NodeJS.Signals) => (): void => {
      say(`${signal}: ending the scenarios, then cleaning up`);
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    process.on('SIGINT', end('SIGINT'));
    process.on('SIGTERM', end('SIGTERM'));
    child.on('close', (code) => resolve(code ?? 1));
  });

const namespaces = async (): Promise<string[]> => {
  const there: string[] = [];
  for (const name of ['reviews', 'reviews-dev']) if ((await maybe(['namespace', name])) !== undefined) there.push(name);
  return there;
};

const main = async (): Promise<void> => {
  const reason = await cannotStart();
  if (reason !== undefined) {
    say(reason);
    process.exitCode = 1;
    return;
  }
  const before = onCurrentContext ? await namespaces() : [];
  process.exitCode = await jest(process.argv.slice(2));
  if (onCurrentContext) {
    for (const made of (await namespaces()).filter((name) => !before.includes(name))) await undeploy(made);
    return;
  }
  await takeDisksBack();
  if (keep) return;
  const down = await run(lab, ['down'], { seconds: 180 });
  if (down.code !== 0) {
    say(down.stderr);
    process.exitCode = 1;
  }
};

main().catch((error: unknown) => {
  say(String(error));
  process.exitCode = 1;
});
