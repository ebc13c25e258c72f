// The dashboard as its file has it, and what its panels ask Prometheus.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { root } from '../../../scripts/lib/paths.ts';

export const dashboardFile = join(root, 'components/grafana-dashboard/dashboard.json');

const file = JSON.parse(readFileSync(dashboardFile, 'utf8')) as Dashboard;

export interface Panel {
  readonly title: string;
  readonly description: string;
  /** As Grafana asks them, with its variables filled in. */
  readonly queries: readonly string[];
}

const NAMESPACE = 'reviews';
/** Four scrapes. */
const RATE_INTERVAL = '2m';

const filled = (expression: string): string =>
  expression.replaceAll('$namespace', NAMESPACE).replaceAll('$__rate_interval', RATE_INTERVAL);

export const panels: readonly Panel[] = (file.panels ?? []).flatMap((panel) =>
  'targets' in panel
    ? {
        title: panel.title ?? '',
        description: panel.description ?? '',
        queries: (panel.targets ?? []).map((target) => ('expr' in target ? filled(String(target.expr)) : '')),
      }
    : [],
);

export const queries: readonly string[] = panels.flatMap((panel) => panel.queries);
