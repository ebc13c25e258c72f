import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject } from './json.ts';

/** Where Kibana puts a panel: columns of 48, rows of 20 pixels. */
export interface Grid {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Panel {
  readonly file: string;
  readonly title: string;
  readonly grid: Grid;
  /** A Vega-Lite specification whose data is an Elasticsearch query in Kibana's notation. */
  readonly spec: JsonObject;
}

export interface Dashboard {
  readonly title: string;
  readonly description: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly Panel[];
}

export const DASHBOARD_FOLDER = join(__dirname, '../../base/reviews/dashboard');

export function readDashboard(folder = DASHBOARD_FOLDER): Dashboard {
  const layout: Omit<Dashboard, 'panels'> & { panels: Omit<Panel, 'spec'>[] } = JSON.parse(
    readFileSync(join(folder, 'layout.json'), 'utf8'),
  );
  return { ...layout, panels: layout.panels.map((panel) => ({ ...panel, spec: readSpec(folder, panel.file) })) };
}

function readSpec(folder: string, file: string): JsonObject {
  const spec: Json = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8'));
  if (!isObject(spec)) throw new Error(`${file}.json must be an object`);
  return spec;
}
