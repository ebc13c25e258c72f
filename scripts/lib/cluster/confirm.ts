// Asks before something is removed, or done that cannot be undone.
import { createInterface } from 'node:readline/promises';
import { UserError } from '../cli.ts';

const NOTHING = 'nothing was removed';

interface Removal {
  readonly namespace: string;
  /** Then "yes" is too quickly said: the namespace must be named. */
  readonly deletesData: boolean;
  /** What is said where nobody agrees. */
  readonly otherwise?: string;
}

/** YES=WORD or --yes=WORD; --yes alone is YES=1. Nothing where neither is given. */
export const saidBeforehand = (args: readonly string[], env: NodeJS.ProcessEnv): string | undefined => {
  const flag = args.find((argument) => argument === '--yes' || argument.startsWith('--yes='));
  if (flag !== undefined) return flag === '--yes' ? '1' : flag.slice('--yes='.length);
  return env['YES'] || undefined;
};

/** Whether nobody needs to be asked. UserError where what was said is not enough, or about something else. */
export const isConsent = (
  said: string | undefined,
  { namespace, deletesData, otherwise = NOTHING }: Removal,
): boolean => {
  if (said === undefined) return false;
  if (said === namespace || (said === '1' && !deletesData)) return true;
  throw new UserError(
    said === '1'
      ? `${otherwise}: YES=1 is not enough where data is deleted. Name what goes: YES=${namespace}`
      : `${otherwise}: YES must be ${deletesData ? '' : '1 or '}${namespace}, but is "${said}"`,
  );
};

/** Goes on only with the word that is asked for, typed now or said beforehand, for where nobody can be asked. */
export const confirm = async (question: string, removal: Removal): Promise<void> => {
  if (isConsent(saidBeforehand(process.argv.slice(2), process.env), removal)) return;
  const { namespace, deletesData, otherwise = NOTHING } = removal;
  if (!process.stdin.isTTY)
    throw new UserError(`nobody can be asked here: say YES=${deletesData ? namespace : '1'} to go on`);
  const word = deletesData ? namespace : 'yes';
  const what = deletesData ? `the namespace's name, ${namespace},` : '"yes"';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    // The end of the input answers nothing.
    terminal.once('close', () => resolve(''));
    terminal.question(`${question} Type ${what} to go on: `).then(resolve, () => resolve(''));
  });
  terminal.close();
  if (answer.trim() !== word) throw new UserError(otherwise);
};
