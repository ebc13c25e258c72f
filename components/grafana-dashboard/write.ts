// Writes the dashboard as Grafana reads it: make grafana-dashboard
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardText } from './dashboard.ts';

writeFileSync(join(__dirname, 'dashboard.json'), dashboardText());
