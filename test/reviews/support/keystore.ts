// What the entrypoint of the image does with ELASTIC_PASSWORD before the server starts: the keystore's own tool stores
// it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Place {
  /** An unpacked image's /usr/share/elasticsearch. */
  readonly home: string;
  /** The node's configuration folder. */
  readonly config: string;
  /** Who owns it, and runs the server. */
  readonly uid: number;
  readonly gid: number;
}

export const storeBootstrapPassword = ({ home, config, uid, gid }: Place, password: string): void => {
  const tool = (args: readonly string[], input = ''): void => {
    const done = spawnSync(join(home, 'bin/elasticsearch-keystore'), args, {
      env: { PATH: process.env['PATH'], ES_PATH_CONF: config },
      input,
      encoding: 'utf8',
      timeout: 120_000,
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    });
    if (done.status !== 0)
      throw new Error(`elasticsearch-keystore ${args.join(' ')} failed:\n${done.stdout}${done.stderr}`);
  };
  tool(['create']);
  tool(['add', '-x', 'bootstrap.password'], `${password}\n`);
};
