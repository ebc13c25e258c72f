import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from './json.ts';
import { DASHBOARD_FOLDER, type Dashboard, type Panel, readDashboard } from './panels.ts';

/** One line of the file that Kibana imports. */
export interface SavedObject {
  readonly id: string;
  readonly type: 'index-pattern' | 'search' | 'visualization' | 'dashboard';
  readonly attributes: JsonObject;
  readonly references: readonly Reference[];
  /** The form that the attributes have; Kibana migrates what is older than itself, and refuses what is newer. */
  readonly coreMigrationVersion: string;
  readonly typeMigrationVersion: string;
  readonly managed: false;
}

export interface Reference {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export const SAVED_OBJECTS_FILE = join(DASHBOARD_FOLDER, 'saved-objects.ndjson');

const DATA_VIEW = 'reviews';
const SEARCH = 'reviews-newest';
const SOURCE = 'kibanaSavedObjectMeta.searchSourceJSON.index';

/** The data view, the search, one visualization for each panel and the dashboard: what each needs comes before it. */
export function savedObjects(dashboard: Dashboard): SavedObject[] {
  return [dataView(), search(), ...dashboard.panels.map(visualization), dashboardObject(dashboard)];
}

export function toNdjson(objects: readonly SavedObject[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

function dataView(): SavedObject {
  return savedObject('index-pattern', DATA_VIEW, '8.0.0', {
    title: 'reviews',
    name: 'Delivery reviews',
    timeFieldName: 'created_at',
    // Before the first review there is no index, which is no error.
    allowNoIndex: true,
  });
}

function search(): SavedObject {
  return savedObject(
    'search',
    SEARCH,
    '8.0.0',
    {
      title: 'Newest reviews',
      description: 'Every review, the newest first',
      columns: ['rating', 'hub', 'language', 'text.nl', 'text.de', 'text.fr', 'text.en'],
      sort: [['created_at', 'desc']],
      kibanaSavedObjectMeta: {
        searchSourceJSON: text({ query: { query: '', language: 'kuery' }, filter: [], indexRefName: SOURCE }),
      },
    },
    [{ id: DATA_VIEW, name: SOURCE, type: 'index-pattern' }],
  );
}

function visualization({ file, title, spec }: Panel): SavedObject {
  const visState = { title, type: 'vega', aggs: [], params: { spec: JSON.stringify(spec, null, 2) } };
  return savedObject('visualization', `reviews-${file}`, '8.0.0', {
    title,
    description: typeof spec['description'] === 'string' ? spec['description'] : '',
    uiStateJSON: '{}',
    version: 1,
    visState: text(visState),
    kibanaSavedObjectMeta: { searchSourceJSON: text({ query: { query: '', language: 'kuery' }, filter: [] }) },
  });
}

function dashboardObject(dashboard: Dashboard): SavedObject {
  const name = (file: string): string => `panel_${file}`;
  const panels = dashboard.panels.map(({ file, title, grid }) => ({
    type: 'visualization',
    panelIndex: file,
    panelRefName: name(file),
    title,
    embeddableConfig: {},
    gridData: { ...grid, i: file },
  }));
  return savedObject(
    'dashboard',
    'reviews',
    '8.0.0',
    {
      title: dashboard.title,
      description: dashboard.description,
      hits: 0,
      version: 1,
      timeRestore: true,
      timeFrom: dashboard.time.from,
      timeTo: dashboard.time.to,
      // Each refresh is six searches for everybody who has the page open: once a minute.
      refreshInterval: { pause: false, value: 60_000 },
      optionsJSON: text({ useMargins: true, hidePanelTitles: false }),
      panelsJSON: text(panels),
      kibanaSavedObjectMeta: { searchSourceJSON: text({ query: { query: '', language: 'kuery' }, filter: [] }) },
    },
    dashboard.panels.map(({ file }) => ({
      id: `reviews-${file}`,
      name: `${file}:${name(file)}`,
      type: 'visualization',
    })),
  );
}

function savedObject(
  type: SavedObject['type'],
  id: string,
  typeMigrationVersion: string,
  attributes: JsonObject,
  references: readonly Reference[] = [],
): SavedObject {
  return { id, type, attributes, references, coreMigrationVersion: '8.8.0', typeMigrationVersion, managed: false };
}

/** Kibana keeps parts of its objects as JSON in a text. */
function text(value: Json): string {
  return JSON.stringify(value);
}

if (require.main === module) writeFileSync(SAVED_OBJECTS_FILE, toNdjson(savedObjects(readDashboard())));
