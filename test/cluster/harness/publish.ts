// Writes what was found: always to the artifacts, to docs/availability.md and docs/security.md when asked to (RECORD=1,
// as the full set does).
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { serverVersion } from '../../../scripts/lib/cluster/kubectl.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { type Sighting, withAlerts } from '../watch/table.ts';
import { type Attempt, withAttempts, withNetwork } from './attempts.ts';
import { withRows } from './document.ts';
import { type Proof, type Result, withProofs, withResults } from './results.ts';
import type { Row } from './row.ts';
import { artifacts, onCurrentContext } from './settings.ts';

export const today = (): string => new Date().toISOString().slice(0, 10);

const testBed = async (): Promise<string> => {
  const kubernetes = await serverVersion().catch(() => 'of unknown version');
  const where = onCurrentContext
    ? 'the cluster of the current kubectl context'
    : `the lab on one machine with ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GB of memory`;
  return (
    `Last run: ${today()}, Kubernetes ${kubernetes}, on ${where}; load of the machine at the end ` +
    `${(loadavg()[1] ?? 0).toFixed(1)}.`
  );
};

export interface Found {
  readonly rows: readonly Row[];
  readonly results: readonly Result[];
  readonly attempts: readonly Attempt[];
  readonly sightings: readonly Sighting[];
  readonly network: readonly (readonly string[])[] | undefined;
}

const write = (name: string, change: (document: string) => string): void => {
  const file = join(root, 'docs', name);
  const document = change(readFileSync(file, 'utf8'));
  writeFileSync(join(artifacts, name), document);
  if (process.env['RECORD'] === '1') writeFileSync(file, document);
};

export const publish = async (
  { rows, results, attempts, sightings, network }: Found,
  order: readonly string[],
): Promise<void> => {
  if (results.length === 0) return;
  const where = await testBed();
  write('availability.md', (document) =>
    withAlerts(withResults(withRows(document, rows, order, where), results, order), sightings, order),
  );
  write('security.md', (document) => withNetwork(withAttempts(document, attempts, order), network));
};

export const publishProofs = (proofs: readonly Proof[], order: readonly string[]): void =>
  write('availability.md', (document) => withProofs(document, proofs, order));
