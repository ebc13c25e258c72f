// The cluster is reached through kubectl, so that the user's own contexts, logins and proxies hold.
import { UserError } from '../cli.ts';
import { type Finished, type RunOptions, run, which } from '../process.ts';

export const kubectl = (args: readonly string[], options: RunOptions = {}): Promise<Finished> => {
  if (which('kubectl') === undefined) throw new UserError('kubectl must be on PATH; there is none');
  return run('kubectl', args, { seconds: 60, ...options });
};

const succeed = async (args: readonly string[], options?: RunOptions): Promise<string> => {
  const done = await kubectl(args, options);
  if (done.code !== 0) throw new UserError(`kubectl ${args.join(' ')} failed:\n${(done.stderr || done.stdout).trim()}`);
  return done.stdout;
};

/** The objects of `kubectl get`, as the type that the caller asked the API server for. */
export const getJson = async <Result>(args: readonly string[]): Promise<Result> =>
  JSON.parse(await succeed(['get', ...args, '-o', 'json'])) as Result;

export interface List<Item> {
  readonly items: readonly Item[];
}

export const currentContext = async (): Promise<string> => {
  const context = await kubectl(['config', 'current-context']);
  if (context.code !== 0)
    throw new UserError(
      'kubectl must have a current context: kubectl config get-contexts, then kubectl config use-context NAME',
    );
  return context.stdout.trim();
};

export const serverVersion = async (): Promise<string> => {
  const answer = JSON.parse(await succeed(['version', '-o', 'json', '--request-timeout=15s'])) as {
    serverVersion?: { gitVersion: string };
  };
  if (answer.serverVersion === undefined)
    throw new UserError('the API server must answer; kubectl version shows only the client');
  return answer.serverVersion.gitVersion;
};
