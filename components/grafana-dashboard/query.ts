// Queries of one environment: the namespace that is chosen above the dashboard.
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';

/** A metric there, with more conditions. */
export const of = (metric: string, ...conditions: readonly string[]): string =>
  `${metric}{${['namespace="$namespace"', ...conditions].join(',')}}`;

/** How much a counter grows in a second, over as long as Grafana holds to be enough for two scrapes. */
export const rate = (metric: string, ...conditions: readonly string[]): string =>
  `rate(${of(metric, ...conditions)}[$__rate_interval])`;

/** `legend`: a name of the series, with their labels in it. */
export const query = (expression: string, legend: string): DataqueryBuilder =>
  new DataqueryBuilder().expr(expression).legendFormat(legend).range();

/** What the value is now. */
export const queryNow = (expression: string, legend: string): DataqueryBuilder =>
  new DataqueryBuilder().expr(expression).legendFormat(legend).instant();
