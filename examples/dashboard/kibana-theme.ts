import { isObject, type JsonObject } from './json.ts';

/**
 * What Kibana puts under a Vega-Lite specification before it compiles it, where the specification says nothing else:
 * colours of its theme.
 * https://github.com/elastic/kibana/tree/main/src/platform/plugins/private/vis_types/vega/public/data_model
 * (_setDefaultColors in vega_parser.ts)
 */
export type ThemeName = 'light' | 'dark';

interface Theme {
  /** What is behind a panel. */
  readonly background: string;
  readonly title: string;
  readonly label: string;
  readonly grid: string;
  /** Of marks without a colour of their own, and of categories. */
  readonly categories: readonly string[];
}

const CATEGORIES = [
  '#16C5C0',
  '#A6EDEA',
  '#61A2FF',
  '#BFDBFF',
  '#EE72A6',
  '#FFC7DB',
  '#F6726A',
  '#FFC9C2',
  '#EAAE01',
  '#FCD883',
];

/** Kibana's theme Borealis; the categories are the same in both. */
export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: { background: '#FFFFFF', title: '#1D2A3E', label: '#516381', grid: '#E3E8F2', categories: CATEGORIES },
  dark: { background: '#0B1628', title: '#CAD3E2', label: '#8E9FBC', grid: '#2B394F', categories: CATEGORIES },
};

export function withTheme(spec: JsonObject, name: ThemeName): JsonObject {
  const { title, label, grid, categories } = THEMES[name];
  const defaults: JsonObject = {
    range: { category: [...categories] },
    mark: { color: categories[0] ?? '' },
    style: {
      'guide-label': { fill: label },
      'guide-title': { fill: title },
      'group-title': { fill: title },
      'group-subtitle': { fill: title },
    },
    axis: { tickColor: grid, domainColor: grid, gridColor: grid, titleFontWeight: 500 },
    view: { stroke: null },
    background: 'transparent',
  };
  // Kibana's own settings are gone by then.
  const { kibana: _, ...config } = isObject(spec['config']) ? spec['config'] : {};
  return { ...spec, config: merged(defaults, config) };
}

/** `over` wins. */
function merged(under: JsonObject, over: JsonObject): JsonObject {
  const entries = Object.entries(over).map(([key, value]): [string, JsonObject[string]] => {
    const below = under[key];
    return [key, isObject(below) && isObject(value) ? merged(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(entries) };
}
