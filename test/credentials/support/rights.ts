// What each user of the base may do with the reviews and with the cluster, as requests that show it.

/** A request, and the status of its answer. */
export type Attempt = readonly [
  does: string,
  method: string,
  path: string,
  body: string | object | undefined,
  status: number,
];

const search: Attempt = ['search', 'POST', '/reviews/_search', { query: { match_all: {} } }, 403];
const read: Attempt = ['read one', 'GET', '/reviews-2026.11/_doc/R-1', undefined, 403];
const remove: Attempt = ['delete one', 'DELETE', '/reviews-2026.11/_doc/R-1', undefined, 403];
const removeMonth: Attempt = ['delete a month', 'DELETE', '/reviews-2026.11', undefined, 403];
const write: Attempt = ['write one', 'PUT', '/reviews-2026.11/_doc/R-9', { text: 'x' }, 403];
const users: Attempt = ['see users', 'GET', '/_security/user', undefined, 403];
const settings: Attempt = [
  'change settings of the cluster',
  'PUT',
  '/_cluster/settings',
  { persistent: { 'cluster.routing.allocation.exclude._name': '' } },
  403,
];
const tasks: Attempt = ['see the tasks that run', 'GET', '/_tasks?detailed', undefined, 403];
export const health: Attempt = ['see the health', 'GET', '/_cluster/health', undefined, 403];

/** The same, where it is allowed. */
const may = ([does, method, path, body]: Attempt, status = 200): Attempt => [does, method, path, body, status];

/** All that each user may, and the nearest that it may not. */
export const rights: Readonly<Record<string, readonly Attempt[]>> = {
  operations: [
    may(health),
    may(settings),
    tasks,
    ['see figures of nodes', 'GET', '/_nodes/stats', undefined, 403],
    ['see figures of indices', 'GET', '/_all/_stats/docs', undefined, 403],
    ['see what nodes are busy with', 'GET', '/_nodes/hot_threads', undefined, 403],
    ['move a shard by hand', 'POST', '/_cluster/reroute', {}, 403],
    ['write a template', 'PUT', '/_index_template/t', { index_patterns: ['x*'] }, 403],
    ['write a pipeline', 'PUT', '/_ingest/pipeline/p', { processors: [] }, 403],
    ['see repositories of snapshots', 'GET', '/_snapshot', undefined, 403],
    search,
    read,
    write,
    remove,
    removeMonth,
    users,
  ],
  ingest: [search, read, write, remove, removeMonth, users, settings, health],
  search: [may(search), write, remove, removeMonth, users, settings],
  analyst: [may(search), may(read), write, remove, removeMonth, users],
  setup: [
    may(health),
    ['write a template', 'PUT', '/_index_template/t', { index_patterns: ['reviews-x*'] }, 200],
    ['write a pipeline', 'PUT', '/_ingest/pipeline/p', { processors: [] }, 200],
    ['make a month', 'PUT', '/reviews-2026.12', {}, 200],
    ['change settings of a month', 'PUT', '/reviews-2026.12/_settings', { index: { refresh_interval: '1s' } }, 200],
    [
      'change the mapping of a month',
      'PUT',
      '/reviews-2026.12/_mapping',
      { properties: { hub: { type: 'keyword' } } },
      200,
    ],
    // The lifecycle policy deletes old months with the rights of the user that stored it.
    ['delete a month of its own', 'DELETE', '/reviews-2026.12', undefined, 200],
    ['make another index', 'PUT', '/parcels', {}, 403],
    search,
    read,
    write,
    remove,
    users,
    settings,
  ],
  dashboard: [search, read, write, removeMonth, users, health],
  kibana: [
    may(health),
    may(tasks),
    ['write a pipeline', 'PUT', '/_ingest/pipeline/of-kibana', { processors: [] }, 200],
    ['take it away', 'DELETE', '/_ingest/pipeline/of-kibana', undefined, 200],
    ['write a template', 'PUT', '/_index_template/of-kibana', { index_patterns: ['x*'] }, 200],
    ['take that away', 'DELETE', '/_index_template/of-kibana', undefined, 200],
    search,
    read,
    write,
    remove,
    removeMonth,
    users,
    settings,
  ],
  erase: [write, removeMonth, users, settings, health, may(search), may(read), may(remove)],
};
