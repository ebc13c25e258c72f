// What the program of the snapshots tells a Prometheus after a snapshot and a drill.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { metricsText } from '../../../components/snapshots/program/metrics.ts';
import { readSettings } from '../../../components/snapshots/program/settings.ts';
import { unseen } from '../../../components/snapshots/program/watched.ts';
import { root } from '../../../scripts/lib/paths.ts';

/** As the manifest says it. */
export const snapshotsEnvironment = (): Record<string, string> => {
  const file = readFileSync(join(root, 'components/snapshots/deployment.yaml'), 'utf8');
  const [container] = (load(file) as IDeployment).spec?.template.spec?.containers ?? [];
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value ?? 'reviews']));
};

export const snapshotsText = (): string => {
  const watched = unseen();
  watched.lastGood = { start: 1.8e9, seconds: 12 };
  watched.held = { good: 3, others: 1, unreadable: 0 };
  watched.isOurs = true;
  watched.drilled = { at: 1.8e9, good: true, seconds: 60, snapshot: 's', reviews: 5, lastGood: 1.8e9 };
  return metricsText(watched, readSettings(snapshotsEnvironment()));
};
