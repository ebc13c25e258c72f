// A command at a terminal, where somebody answers its question.
import { spawn } from 'node:child_process';
import type { Finished } from '../../../scripts/lib/process.ts';

interface AtTerminal {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the question ends with. */
  readonly question: string;
  /** What is typed, once the question is there; the input ends behind it. */
  readonly answer: () => string | Promise<string>;
}

/** What is said is all on stdout; the code is 124 where it has not ended within two minutes. */
export const atTerminal = (command: string, { cwd, env, question, answer }: AtTerminal): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    let stdout = '';
    let asked = false;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, 120_000);
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (asked || !stdout.includes(question)) return;
      asked = true;
      Promise.resolve(answer()).then((typed) => child.stdin.end(typed), reject);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), stdout, stderr: '' });
    });
  });
