// One dashboard for one environment: what whoever is on call needs first is above.
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { agents } from './agents.ts';
import { cluster, firstLook } from './cluster.ts';
import { nodes } from './nodes.ts';
import { DATASOURCE } from './panels.ts';
import { requests } from './requests.ts';

const rows = {
  'First look': firstLook,
  Cluster: cluster,
  Agents: agents,
  Requests: requests,
  Nodes: nodes,
} as const;

const dashboard = (): Dashboard => {
  const builder = new DashboardBuilder('Delivery reviews: Elasticsearch')
    .uid('delivery-reviews-elasticsearch')
    .description('Written by `make grafana-dashboard`. Change the code, and not this.')
    .tags(['elasticsearch', 'delivery-reviews'])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('namespace')
        .label('Environment')
        .datasource(DATASOURCE)
        // What was heard once, and is silent now, can still be chosen.
        .query('label_values(up{job=~"elasticsearch-(exporter|agents)"}, namespace)')
        .refresh(VariableRefresh.OnTimeRangeChanged),
    );
  // By its number a link names a panel.
  let id = 0;
  const next = (): number => {
    id += 1;
    return id;
  };
  for (const [title, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(title).id(next()));
    for (const panel of panels) builder.withPanel(panel.id(next()));
  }
  return builder.build();
};

/** As the file has it. */
export const dashboardText = (): string => `${JSON.stringify(dashboard(), null, 2)}\n`;
