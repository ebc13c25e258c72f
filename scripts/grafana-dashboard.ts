// Writes the dashboard as Grafana reads it: tsx scripts/grafana-dashboard.ts
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dashboardText } from '../components/grafana-dashboard/dashboard.ts';
import { command, progress } from './lib/cli.ts';
import { root } from './lib/paths.ts';

const file = 'components/grafana-dashboard/dashboard.json';

command(async () => {
  await writeFile(join(root, file), dashboardText());
  progress(`Wrote ${file}`);
});
