// The commands of the repository, as people start them, from a checkout that may have overlays of its own.
import { join } from 'node:path';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { say, secondsSince } from './say.ts';

/** scripts/NAME.ts; nobody is asked anything. Given as much time as TIMEOUT says, and half a minute. */
export const makeCommand = async (folder: string, name: string, ...args: readonly string[]): Promise<Finished> => {
  const began = Date.now();
  const limit = 600;
  const program = [join(folder, 'node_modules/tsx/dist/cli.mjs'), join(folder, `scripts/${name}.ts`), ...args];
  const done = await run(process.execPath, program, {
    cwd: folder,
    seconds: limit + 30,
    env: { ...process.env, FORM: 'exec', YES: '1', TIMEOUT: String(limit) },
  });
  say(`  ${name} ended with ${done.code} after ${secondsSince(began)} s`);
  for (const line of `${done.stdout}${done.stderr}`.trim().split('\n')) say(`    ${line}`);
  return done;
};
