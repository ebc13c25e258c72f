// What runs in client pods, each program as one file, small enough for a ConfigMap.

import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../../scripts/lib/paths.ts';

const texts = new Map<string, string>();

const bundleOf = (source: string): string => {
  const known = texts.get(source);
  if (known !== undefined) return known;
  const options = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', write: false } as const;
  const text = buildSync({ entryPoints: [join(root, 'test/cluster', source)], ...options }).outputFiles[0]?.text;
  if (text === undefined) throw new Error(`${source} has no bundle`);
  texts.set(source, text);
  return text;
};

export const loadBundle = (): string => bundleOf('load/main.ts');
export const requestBundle = (): string => bundleOf('client/request.ts');
/** The example client of the repository, as a program of its own. */
export const exampleBundle = (): string => bundleOf('../../examples/src/cli.ts');
export const pressureBundle = (): string => bundleOf('load/pressure.ts');
export const bulkBundle = (): string => bundleOf('load/bulk.ts');
export const clientsBundle = (): string => bundleOf('load/clients.ts');
