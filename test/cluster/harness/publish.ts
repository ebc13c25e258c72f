// Writes what was measured: always to the artifacts, to docs/availability.md when asked to (RECORD=1, as the full set does).
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { serverVersion } from '../../../scripts/lib/kubectl.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { withRows } from './document.ts';
import { withResults, type Result } from './results.ts';
import type { Row } from './row.ts';
import { artifacts, onCurrentContext } from './settings.ts';

export const today = (): string => new Date().toISOString().slice(0, 10);

const testBed = async (): Promise<string> => {
  const kubernetes = await serverVersion().catch(() => 'of unknown version');
  const where = onCurrentContext
    ? 'the cluster of the current kubectl context'
    : `the lab on one machine with ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GB of memory`;
  return `Last run: ${today()}, Kubernetes ${kubernetes}, on ${where}; load of the machine at the end ${(loadavg()[1] ?? 0).toFixed(1)}.`;
};

export const publish = async (rows: readonly Row[], results: readonly Result[], order: readonly string[]): Promise<void> => {
  if (results.length === 0) return;
  const file = join(root, 'docs/availability.md');
  const measured = withRows(readFileSync(file, 'utf8'), rows, order, await testBed());
  const document = withResults(measured, results, order);
  writeFileSync(join(artifacts, 'availability.md'), document);
  if (process.env['RECORD'] === '1') writeFileSync(file, document);
};
