// What programs that run from ConfigMaps have in common: each is process 1 of its container, which hears only the
// signals that it asks for, and ends with words.

import { Refused } from './environment.ts';
import type { Say } from './say.ts';

/** Of what nobody has thought of, its name and where: its message may quote what was read or sent. */
const wordsOf = (error: unknown): string => {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...('code' in error ? [String(error.code)] : []), ...frames.map((line) => line.trim())].join(' ');
};

/** Ends with what `run` says. `stopped`: with what it ends when its container is told to stop. */
export const start = (say: Say, stopped: number, run: () => Promise<number>): void => {
  const fail = (error: unknown): void => {
    say('WARN', `ends: ${wordsOf(error)}`);
    process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopped !== 0) say('WARN', `ends: told to stop (${signal})`);
      process.exit(stopped);
    });
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const end = async (): Promise<void> => {
    process.exitCode = await run();
  };
  end().catch(fail);
};

/** For a container of a Deployment, which has no end. */
export const stay = (): Promise<never> =>
  new Promise(() => {
    setInterval(() => undefined, 2 ** 31 - 1);
  });
