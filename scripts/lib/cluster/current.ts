// Is there a cluster to work on? The user's own choice, the current context, or none.
import type { Finished } from '../process.ts';
import { run, which } from '../process.ts';

export type Current =
  | { readonly is: 'there'; readonly context: string }
  /** Nobody has said which cluster. */
  | { readonly is: 'none'; readonly why: string }
  /** Somebody has, and it can't be used: another one in its place would not be what they meant. */
  | { readonly is: 'unusable'; readonly why: string };

const lastLine = ({ stdout, stderr }: Finished): string => (stderr || stdout).trim().split('\n').at(-1) ?? '';

/** What kubectl has said to `config current-context`, and to a question to the cluster that it names. */
export const readCurrent = (context: Finished, answer: Finished | undefined): Current => {
  if (context.code !== 0)
    return /current-context is not set/.test(context.stderr)
      ? { is: 'none', why: 'kubectl has no current context' }
      : { is: 'unusable', why: `kubectl can't say which cluster is meant: ${lastLine(context)}` };
  const name = context.stdout.trim();
  if (answer?.code === 0) return { is: 'there', context: name };
  const why = answer === undefined ? 'it was not asked' : lastLine(answer) || `kubectl ended with ${answer.code}`;
  return { is: 'unusable', why: `the cluster of the current context, ${name}, can't be used: ${why}` };
};

export const lookForCurrent = async (): Promise<Current> => {
  if (which('kubectl') === undefined) return { is: 'none', why: 'kubectl is not on PATH' };
  const context = await run('kubectl', ['config', 'current-context'], { seconds: 20 });
  const ask = ['version', '--request-timeout=15s'];
  return readCurrent(context, context.code === 0 ? await run('kubectl', ask, { seconds: 30 }) : undefined);
};
