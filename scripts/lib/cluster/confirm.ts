// Asks before something is removed.
import { createInterface } from 'node:readline/promises';
import { UserError } from '../cli.ts';

/** Goes on only with a "yes"; YES=1 or --yes says it beforehand, for where nobody can be asked. */
export const confirm = async (question: string): Promise<void> => {
  if (process.env['YES'] === '1' || process.argv.includes('--yes')) return;
  if (!process.stdin.isTTY) throw new UserError('nobody can be asked here: say YES=1 to go on');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} Type "yes" to go on: `);
  terminal.close();
  if (answer.trim() !== 'yes') throw new UserError('nothing was removed');
};
