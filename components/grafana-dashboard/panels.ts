// The forms that panels have here. No panel has thresholds of its own: what is too much say the alerts, and one panel
// shows which of them fire.
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  type DataSourceRef,
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as stateTimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeSeries from '@grafana/grafana-foundation-sdk/timeseries';

/** The variable above the dashboard. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

export interface About {
  readonly title: string;
  /** What it means, for whoever sees it for the first time at night. */
  readonly description: string;
  readonly unit?: string;
}

/** What a number is called; each with a color. */
export const words = (all: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(
    Object.entries(all).map(([value, [text, color]], index) => [value, { text, color, index }]),
  ),
});

/** Each with the name by which Grafana keeps the queries of a panel apart. */
const named = (queries: readonly DataqueryBuilder[]): DataqueryBuilder[] =>
  queries.map((query, place) => query.refId(String.fromCodePoint(65 + place)));

const NUMBER = { width: 6, height: 4 };
const WIDE = { width: 12, height: 8 };

export const numbers = (about: About, ...queries: readonly DataqueryBuilder[]): stat.PanelBuilder =>
  new stat.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(DATASOURCE)
    .unit(about.unit ?? 'short')
    .span(NUMBER.width)
    .height(NUMBER.height)
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(queries.length > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .targets(named(queries));

export const lines = (about: About, ...queries: readonly DataqueryBuilder[]): timeSeries.PanelBuilder =>
  new timeSeries.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(DATASOURCE)
    .unit(about.unit ?? 'short')
    .min(0)
    .span(WIDE.width)
    .height(WIDE.height)
    .legend(new VizLegendOptionsBuilder().showLegend(true).calcs(['lastNotNull', 'max']))
    .targets(named(queries));

/** Which of some words holds, over time. */
export const states = (about: About, mapping: ValueMapping, query: DataqueryBuilder): stateTimeline.PanelBuilder =>
  new stateTimeline.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(DATASOURCE)
    .span(WIDE.width)
    .height(WIDE.height)
    .mappings([mapping])
    .targets(named([query]));
