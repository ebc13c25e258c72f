// The folder that the agent shares with the containers of Elasticsearch, and the marker that the cluster has formed.

import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../../lib/mounted.ts';
import type { Files } from './ports.ts';

// The name comes from another container and becomes the name of a file: nothing but what ready.sh writes.
const START = /^[0-9a-f-]{1,64}-\d{1,20}$/;

export const ownFiles = (agent: string, formed: string): Files => {
  const admitted = join(agent, 'admitted');
  return {
    start: async () => {
      const name = (await readIfThere(agent, 'start'))?.trim() ?? '';
      return START.test(name) ? name : undefined;
    },
    admit: async (name) => {
      if (!START.test(name)) throw new Error('no name of a start of the container');
      await mkdir(admitted, { recursive: true });
      // A file that is there is whole, also where the disk is full.
      await writeFile(join(agent, 'admitted.new'), '');
      await rename(join(agent, 'admitted.new'), join(admitted, name));
      const others = (await readdir(admitted)).filter((other) => other !== name);
      // Those of starts that are over.
      await Promise.all(others.map((other) => rm(join(admitted, other), { force: true })));
    },
    admitted: async (name) => {
      if (!START.test(name)) return false;
      const found = await stat(join(admitted, name)).catch(() => undefined);
      return found !== undefined;
    },
    forgetStart: () => rm(join(agent, 'start'), { force: true }),
    knownCluster: async () => (await readIfThere(formed, 'cluster_uuid'))?.trim() || undefined,
  };
};
