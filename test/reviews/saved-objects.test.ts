// Kibana can't run in the test bed. Its import file is held against the shapes that Kibana's source publishes for each
// type (server/saved_objects of the plugins dashboard, visualizations, saved_search and data_views), written here as
// JSON schemas.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { readDashboard } from '../../examples/dashboard/panels.ts';
import {
  SAVED_OBJECTS_FILE,
  type SavedObject,
  savedObjects,
  toNdjson,
} from '../../examples/dashboard/saved-objects.ts';

const DASHBOARD = readDashboard();
const OBJECTS = readFileSync(SAVED_OBJECTS_FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SavedObject);

const string = { type: 'string' };
const number = { type: 'number' };
const boolean = { type: 'boolean' };
const closed = (properties: object, required: readonly string[]): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const meta = closed({ searchSourceJSON: string }, []);

const ATTRIBUTES: Record<SavedObject['type'], object> = {
  // Attributes of data views are not closed in Kibana; these are the ones that its common types name.
  'index-pattern': closed(
    {
      title: string,
      name: string,
      timeFieldName: string,
      fieldAttrs: string,
      runtimeFieldMap: string,
      allowNoIndex: boolean,
    },
    ['title'],
  ),
  search: closed(
    {
      title: string,
      description: string,
      columns: { type: 'array', items: string },
      sort: { type: 'array', items: { type: 'array', items: string, maxItems: 2 } },
      grid: { type: 'object' },
      hideChart: boolean,
      kibanaSavedObjectMeta: closed({ searchSourceJSON: string }, ['searchSourceJSON']),
    },
    ['title', 'kibanaSavedObjectMeta'],
  ),
  visualization: closed(
    {
      title: string,
      description: string,
      version: number,
      kibanaSavedObjectMeta: meta,
      uiStateJSON: string,
      visState: string,
      savedSearchRefName: string,
    },
    ['title'],
  ),
  dashboard: closed(
    {
      title: string,
      description: string,
      kibanaSavedObjectMeta: meta,
      timeRestore: boolean,
      timeFrom: string,
      timeTo: string,
      refreshInterval: closed({ pause: boolean, value: number, display: string, section: number }, ['pause', 'value']),
      controlGroupInput: { type: 'object' },
      panelsJSON: string,
      optionsJSON: string,
      hits: number,
      version: number,
    },
    ['title'],
  ),
};

const compile = (attributes: object): ValidateFunction =>
  new Ajv({ strict: false }).compile(
    closed(
      {
        id: string,
        type: string,
        attributes,
        references: {
          type: 'array',
          items: closed({ id: string, name: string, type: string }, ['id', 'name', 'type']),
        },
        coreMigrationVersion: string,
        typeMigrationVersion: string,
        managed: boolean,
      },
      ['id', 'type', 'attributes', 'references'],
    ),
  );

const parse = (json: unknown): Record<string, unknown> => JSON.parse(String(json)) as Record<string, unknown>;

describe('the file that Kibana imports', () => {
  test('is what the panels give; `npm run dashboard:saved-objects` renews it', () => {
    expect(readFileSync(SAVED_OBJECTS_FILE, 'utf8')).toBe(toNdjson(savedObjects(DASHBOARD)));
  });

  test.each(OBJECTS.map((object) => [`${object.type} ${object.id}`, object] as const))(
    '%s has the published shape',
    (_, object) => {
      const validate = compile(ATTRIBUTES[object.type]);
      validate(object);
      expect(validate.errors).toBeNull();
    },
  );

  test('a field that Kibana does not know would be noticed', () => {
    const validate = compile(ATTRIBUTES.dashboard);
    expect(validate({ ...OBJECTS.at(-1), attributes: { title: 'x', panels: [] } })).toBe(false);
  });

  test('names only objects that it contains, each before it is needed, and each id once', () => {
    const seen = new Set<string>();
    for (const { type, id, references } of OBJECTS) {
      for (const reference of references) expect(seen).toContain(`${reference.type} ${reference.id}`);
      expect(seen).not.toContain(`${type} ${id}`);
      seen.add(`${type} ${id}`);
    }
  });

  test('the dashboard shows every panel, without two in one place, and each by a reference of that name', () => {
    const dashboard = OBJECTS.at(-1);
    const panels = JSON.parse(String(dashboard?.attributes['panelsJSON'])) as {
      panelIndex: string;
      panelRefName: string;
      gridData: { x: number; y: number; w: number; h: number; i: string };
    }[];
    const cells = new Set<string>();
    for (const { panelIndex, panelRefName, gridData } of panels) {
      expect(gridData.i).toBe(panelIndex);
      expect(dashboard?.references.map(({ name }) => name)).toContain(`${panelIndex}:${panelRefName}`);
      expect(gridData.x + gridData.w).toBeLessThanOrEqual(48);
      for (let x = gridData.x; x < gridData.x + gridData.w; x++) {
        for (let y = gridData.y; y < gridData.y + gridData.h; y++) {
          expect(cells).not.toContain(`${x} ${y}`);
          cells.add(`${x} ${y}`);
        }
      }
    }
    expect(panels.length).toBe(DASHBOARD.panels.length);
  });

  test('a visualization holds its panel’s specification as Kibana’s Vega expects it: a text in the state', () => {
    for (const { file, spec } of DASHBOARD.panels) {
      const object = OBJECTS.find(({ id }) => id === `reviews-${file}`);
      const state = parse(object?.attributes['visState']);
      expect(state).toMatchObject({ type: 'vega', aggs: [] });
      expect(parse((state['params'] as { spec: string }).spec)).toEqual(spec);
    }
  });
});

describe('each panel', () => {
  const vegaLite = dirname(dirname(createRequire(join(process.cwd(), 'package.json')).resolve('vega-lite')));
  const schema = JSON.parse(readFileSync(join(vegaLite, 'build/vega-lite-schema.json'), 'utf8')) as object;
  const validate = new Ajv({ strict: false, allErrors: false, validateFormats: false }).compile(schema);

  test.each(DASHBOARD.panels.map((panel) => [panel.file, panel] as const))(
    '%s is Vega-Lite, but for what Kibana adds',
    (_, { spec }) => {
      // Kibana reads its own settings and the query before Vega sees the rest.
      const {
        config: { kibana: _kibana, ...config } = {},
        data,
        ...rest
      } = spec as { config?: Record<string, unknown>; data: Record<string, unknown> };
      validate({ ...rest, config, data: { ...data, url: 'answer.json' } });
      expect(validate.errors).toBeNull();
    },
  );
});
