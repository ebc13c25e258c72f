// Running other programs: as a process, never through a shell.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Killed after this many seconds; the code is then 124, as with timeout(1), and the end of stderr says so. */
  readonly seconds?: number;
  /** Show the program's output, all of it on our stderr, while it runs. */
  readonly show?: boolean;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/** Runs a program to its end. A program that is not there has the code 127. */
export const run = (command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      // A pipe of Node.js is a socket, with which `bash -c` takes itself for called from afar and reads ~/.bashrc.
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    let timedOut = false;
    const timer =
      options.seconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.seconds * 1000);
    const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.show) process.stderr.write(chunk);
    };
    const stop = (): void => void child.kill('SIGTERM');
    options.signal?.addEventListener('abort', stop, { once: true });
    child.stdout?.on('data', collect(stdout));
    child.stderr?.on('data', collect(stderr));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout: '', stderr: error.message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      // A program that hangs has mostly said nothing, and an error without a cause is passed on otherwise.
      const late = timedOut ? `${command} did not end within ${options.seconds} s, and was killed\n` : '';
      if (options.show) process.stderr.write(late);
      resolve({ code: timedOut ? 124 : (code ?? 1), stdout: text(stdout), stderr: `${text(stderr)}${late}` });
    });
    // A program may end before it has read its input; its exit code says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });

/** The absolute path of a program on PATH. */
export const which = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
