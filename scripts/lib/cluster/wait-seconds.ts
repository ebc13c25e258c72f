// TIMEOUT, as all commands that wait read it.
import { UserError } from '../cli.ts';

export const waitSeconds = (env: NodeJS.ProcessEnv = process.env): number => {
  const wanted = env['TIMEOUT'] || '900';
  if (!/^\d+$/.test(wanted)) throw new UserError(`TIMEOUT must be a number of seconds, but is "${wanted}"`);
  return Number(wanted);
};
