// The cluster is reached through kubectl, so that the user's own contexts, logins and proxies hold.
import { UserError } from '../cli.ts';
import { type Finished, type RunOptions, run, which } from '../process.ts';

/** The context that a command has told its user; from then on all calls name it. */
let told: string | undefined;

export const kubectl = (args: readonly string[], options: RunOptions = {}): Promise<Finished> => {
  if (which('kubectl') === undefined) throw new UserError('kubectl must be on PATH; there is none');
  const pinned = told === undefined ? args : [`--context=${told}`, ...args];
  return run('kubectl', pinned, { seconds: 60, ...options });
};

/** The API server has answered, and says that this user may not. */
export class Forbidden extends UserError {}

const succeed = async (args: readonly string[], options?: RunOptions): Promise<string> => {
  const done = await kubectl(args, options);
  if (done.code === 0) return done.stdout;
  const message = `kubectl ${args.join(' ')} failed:\n${(done.stderr || done.stdout).trim()}`;
  throw done.stderr.includes('(Forbidden)') ? new Forbidden(message) : new UserError(message);
};

/** Nothing where the user may not look. Any other failure says nothing about rights, and is one. */
export const ifAllowed = async <Result>(look: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await look;
  } catch (error) {
    if (error instanceof Forbidden) return undefined;
    throw error;
  }
};

/** The line of a failure that says why, without the command. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^kubectl .* failed:\n/, '').split('\n')[0] ?? '';

/** The objects of `kubectl get`, as the type that the caller asked the API server for. */
export const getJson = async <Result>(args: readonly string[]): Promise<Result> =>
  JSON.parse(await succeed(['get', ...args, '-o', 'json'])) as Result;

export interface List<Item> {
  readonly items: readonly Item[];
}

/**
 * The user's current context, for the whole of a command: another terminal may choose another one while this command
 * asks or waits, and it must not go on there.
 */
export const currentContext = async (): Promise<string> => {
  const context = await kubectl(['config', 'current-context']);
  if (context.code === 0) {
    told = context.stdout.trim();
    return told;
  }
  throw new UserError(
    context.stderr.includes('current-context is not set')
      ? 'kubectl must have a current context: kubectl config get-contexts, then kubectl config use-context NAME'
      : `kubectl can't tell its current context:\n${context.stderr.trim()}`,
  );
};

export const serverVersion = async (): Promise<string> => {
  const answer = JSON.parse(await succeed(['version', '-o', 'json', '--request-timeout=15s'])) as {
    serverVersion?: { gitVersion: string };
  };
  if (answer.serverVersion === undefined)
    throw new UserError('the API server must answer; kubectl version shows only the client');
  return answer.serverVersion.gitVersion;
};
