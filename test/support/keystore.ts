// The keystore of a node, made as a pod makes it: by the script itself, with the tool of the image.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';

/**
 * In the folder's config, from what its superuser and formed hold, which are a pod's mounts. Made by whoever runs the
 * tests, so the folder is given to the server's user afterwards.
 */
export const makeKeystore = (home: string, folder: string): void => {
  const { status, error, stdout, stderr } = spawnSync(
    'bash',
    [join(root, 'base/elasticsearch/lifecycle/keystore.sh')],
    {
      encoding: 'utf8',
      env: {
        PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
        CONFIG: join(folder, 'config'),
        FORMED: join(folder, 'formed'),
        SUPERUSER: join(folder, 'superuser'),
      },
      timeout: 120_000,
    },
  );
  if (status !== 0) throw new Error(`keystore.sh failed: ${error?.message ?? ''}\n${stdout}${stderr}`);
};
