// What users do, and what of it is refused. The exporter has sums and counts only: each time here is a mean, which
// hides the slow ones, and none is a percentile.
import { lines } from './panels.ts';
import { query, rate } from './query.ts';

const perNode = (expression: string): string => `sum by (name) (${expression})`;

const mean = (seconds: string, count: string): string => `${perNode(rate(seconds))} / ${perNode(rate(count))}`;

const indices = 'elasticsearch_indices';

export const requests = [
  lines(
    {
      title: 'Searches of shards',
      description: 'One search of a user is one of each shard that it needs, so this is more than users ask.',
      unit: 'reqps',
    },
    query(perNode(rate(`${indices}_search_query_total`)), '{{name}}'),
  ),
  lines(
    {
      title: 'Mean time of searching a shard (no percentile)',
      description: 'Finding and fetching apart. A mean: the slowest searches, and what users wait for, are longer.',
      unit: 's',
    },
    query(mean(`${indices}_search_query_time_seconds`, `${indices}_search_query_total`), '{{name}} finds'),
    query(mean(`${indices}_search_fetch_time_seconds`, `${indices}_search_fetch_total`), '{{name}} fetches'),
  ),
  lines(
    {
      title: 'Documents indexed',
      description: 'Each copy counts, so a review that has two copies is three.',
      unit: 'wps',
    },
    query(perNode(rate(`${indices}_indexing_index_total`)), '{{name}}'),
  ),
  lines(
    {
      title: 'Mean time of indexing a document (no percentile)',
      description: 'On one node, without the way to the copies. A mean: the slowest are longer.',
      unit: 's',
    },
    query(mean(`${indices}_indexing_index_time_seconds_total`, `${indices}_indexing_index_total`), '{{name}}'),
  ),
  lines(
    {
      title: 'Rejected requests',
      description: 'Answered with 429 as a queue was full. What is refused for its size in memory is not counted here.',
      unit: 'reqps',
    },
    query(
      `sum by (name, type) (${rate('elasticsearch_thread_pool_rejected_count', 'type=~"search|write"')})`,
      '{{name}} {{type}}',
    ),
  ),
  lines(
    {
      title: 'Refused for lack of memory, by breaker',
      description: 'A breaker refuses a request before the heap is full. Any at all is too much.',
      unit: 'reqps',
    },
    query(`sum by (name, breaker) (${rate('elasticsearch_breakers_tripped')})`, '{{name}} {{breaker}}'),
  ),
];
