import { isObject, type Json, type JsonObject } from './json.ts';

/**
 * What Kibana does with the query in a Vega panel before it sends it, for a dashboard without filters: the words
 * between % signs become the dashboard's time range.
 * https://www.elastic.co/docs/explore-analyze/visualize/custom-visualizations-with-vega
 */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

export type Search = (index: string, body: JsonObject) => Promise<Json>;

/** The specification with each query's answer in the place of the query. */
export async function withAnswers(spec: JsonObject, range: TimeRange, search: Search): Promise<JsonObject> {
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(spec)) {
    if (key === 'data' && isObject(value) && isObject(value['url']))
      entries.push([key, await answered(value, value['url'], range, search)]);
    else entries.push([key, await deep(value, (part) => withAnswers(part, range, search))]);
  }
  return Object.fromEntries(entries);
}

async function answered(data: JsonObject, url: JsonObject, range: TimeRange, search: Search): Promise<JsonObject> {
  const { url: _, ...rest } = data;
  const index = url['index'];
  if (typeof index !== 'string') throw new Error('`data.url.index` must be the name of an index');
  return { ...rest, values: await search(index, requestBody(url, range)) };
}

/** The body of the search that a panel's `url` object stands for. */
export function requestBody(url: JsonObject, range: TimeRange): JsonObject {
  const given = url['body'] ?? {};
  if (!isObject(given)) throw new Error('`data.url.body` must be an object');
  const timefield = url['%timefield%'];
  const body = expand(given, range);
  if (!isObject(body)) throw new Error('`data.url.body` must be an object');
  if (typeof timefield !== 'string' && url['%context%'] === undefined) return body;
  if (given['query'] !== undefined) throw new Error('`%context%` and `%timefield%` must not stand beside `body.query`');
  return typeof timefield === 'string'
    ? { ...body, query: { bool: { must: [{ range: { [timefield]: bounds(range) } }] } } }
    : body;
}

function expand(value: Json, range: TimeRange, key?: string): Json {
  if (Array.isArray(value)) return value.filter((item) => !isDashboardClause(item)).map((item) => expand(item, range));
  if (!isObject(value)) return value;
  const filter = value['%timefilter%'];
  if (filter === 'min') return range.from.getTime();
  if (filter === 'max') return range.to.getTime();
  if (filter === true) return bounds(range);
  if (filter !== undefined)
    throw new Error(`\`%timefilter%\` must be true, "min" or "max", is ${JSON.stringify(filter)}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) =>
      name === 'interval' && key === 'date_histogram' ? interval(part, range) : [name, expand(part, range, name)],
    ),
  );
}

/** No filter is set on the dashboard that is drawn here. */
function isDashboardClause(value: Json): boolean {
  return typeof value === 'string' && /^%dashboard_context-(must|must_not|filter)_clause%$/.test(value);
}

function bounds({ from, to }: TimeRange): JsonObject {
  return { gte: from.toISOString(), lte: to.toISOString(), format: 'strict_date_optional_time' };
}

/**
 * Kibana's steps, of which the ones that a range of days to years can give: up to how many hours, and then which step.
 */
const STEPS: readonly (readonly [number, string])[] = [
  [0.75, '30m'],
  [2, '1h'],
  [6, '3h'],
  [24, '12h'],
  [168, '24h'],
  [504, '1w'],
  [1008, '30d'],
];

function interval(wanted: Json, range: TimeRange): [string, string] {
  if (typeof wanted === 'string') return namedInterval(wanted);
  const count = isObject(wanted) ? wanted['%autointerval%'] : undefined;
  if (count !== true && typeof count !== 'number')
    throw new Error('`interval` must be a text or have `%autointerval%`');
  const hours = (range.to.getTime() - range.from.getTime()) / (count === true ? 50 : count) / 3_600_000;
  return namedInterval(STEPS.find(([limit]) => hours <= limit)?.[1] ?? '1y');
}

/** One minute, hour, day, week, month, quarter or year follows the calendar; anything else is a fixed length. */
function namedInterval(value: string): [string, string] {
  return [/^1[mhdwMqy]$/.test(value) ? 'calendar_interval' : 'fixed_interval', value];
}

async function deep(value: Json, change: (part: JsonObject) => Promise<JsonObject>): Promise<Json> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => deep(item, change)));
  return isObject(value) ? change(value) : value;
}
