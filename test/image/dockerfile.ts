// The Dockerfile's defaults, so that the names of the bases stand in one place.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';

export const dockerfile = 'functions/elasticsearch-topology/Dockerfile';

export function dockerfileArg(name: string): string {
  const value = new RegExp(`^ARG ${name}=(\\S+)$`, 'm').exec(readFileSync(join(root, dockerfile), 'utf8'))?.[1];
  if (value === undefined) throw new Error(`${dockerfile} has no default for ARG ${name}`);
  return value;
}
