// kubectl at an API server of the test, for this process and for the commands that it starts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { ApiServer } from '../../support/api-server.ts';

/** An API server that KUBECONFIG names until it is stopped: then it names again what it did before. */
export interface Target {
  readonly server: ApiServer;
  readonly stop: () => Promise<void>;
}

export const startTarget = async (): Promise<Target> => {
  const server = await ApiServer.start();
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = join(server.folder, 'kubeconfig');
  writeFileSync(process.env['KUBECONFIG'], server.kubeconfig());
  return {
    server,
    stop: () => {
      if (before === undefined) delete process.env['KUBECONFIG'];
      else process.env['KUBECONFIG'] = before;
      return server.stop();
    },
  };
};

/** As the account that the token is of, while `work` goes on; it hears the administrator's KUBECONFIG. */
export const asAccount = async (
  { server }: Target,
  token: string,
  work: (administrator: string) => Promise<void>,
): Promise<void> => {
  const all = process.env['KUBECONFIG'] ?? '';
  const config = JSON.parse(server.kubeconfig()) as { users: { user: { token: string } }[] };
  for (const { user } of config.users) user.token = token;
  process.env['KUBECONFIG'] = join(server.folder, 'account');
  writeFileSync(process.env['KUBECONFIG'], JSON.stringify(config));
  try {
    await work(all);
  } finally {
    process.env['KUBECONFIG'] = all;
  }
};

export const kubectl = (args: readonly string[], input = ''): Promise<Finished> =>
  run('kubectl', args, { input, seconds: 100 });

/** What it prints, where it must succeed. */
export const must = async (args: readonly string[], input?: string): Promise<string> => {
  const done = await kubectl(args, input);
  if (done.code !== 0) throw new Error(`kubectl ${args.join(' ')}:\n${done.stderr}`);
  return done.stdout;
};
