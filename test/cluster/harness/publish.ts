// Writes what was measured: always to the artifacts, to docs/availability.md when asked to (RECORD=1, as the full set does).
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { serverVersion } from '../../../scripts/lib/kubectl.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { withRows } from './document.ts';
import type { Row } from './row.ts';
import { artifacts, onCurrentContext } from './settings.ts';

const testBed = async (): Promise<string> => {
  const kubernetes = await serverVersion().catch(() => 'of unknown version');
  const where = onCurrentContext
    ? 'the cluster of the current kubectl context'
    : `the lab on one machine with ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GB of memory`;
  return `Last run: ${new Date().toISOString().slice(0, 10)}, Kubernetes ${kubernetes}, on ${where}.`;
};

export const publish = async (rows: readonly Row[], order: readonly string[]): Promise<void> => {
  if (rows.length === 0) return;
  const file = join(root, 'docs/availability.md');
  const document = withRows(readFileSync(file, 'utf8'), rows, order, await testBed());
  writeFileSync(join(artifacts, 'availability.md'), document);
  if (process.env['RECORD'] === '1') writeFileSync(file, document);
};
