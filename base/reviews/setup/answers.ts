// What Elasticsearch answers to the set-up's questions. What is missing or of another kind is no "yes".

import { count, entries, field, flag, must, object, optionalText, text } from '../../lib/json.ts';

export type Status = 'green' | 'yellow' | 'red';

/** GET /_cluster/health */
export const parseStatus = (value: unknown): Status => {
  const status = text(field(object(value, 'the answer'), 'status'), 'status');
  if (status === 'green' || status === 'yellow') return status;
  must(status === 'red', () => `status is '${status}'`);
  return 'red';
};

/**
 * GET /_cluster/health/reviews-*?level=indices: the names of the months, closed ones too. A right of the cluster, which
 * no right on indices narrows, and no block of an index stops it: what exists is never missing here.
 */
export const parseMonths = (value: unknown): readonly string[] => {
  const answer = object(value, 'the answer');
  must(!flag(field(answer, 'timed_out'), 'timed_out'), () => 'the server was not done in time');
  return entries(field(answer, 'indices'), 'indices').map(([month, health]) => {
    count(field(object(health, `indices.${month}`), 'number_of_shards'), `indices.${month}.number_of_shards`);
    return month;
  });
};

// GET /reviews-*/_stats/indexing: how many reviews were written, of all months together; 0 where there is no month.
export const parseWritten = (value: unknown): number => {
  const all = object(field(object(value, 'the answer'), '_all'), '_all');
  const indexing = field(object(field(all, 'primaries'), '_all.primaries'), 'indexing');
  if (indexing === undefined) return 0;
  const at = '_all.primaries.indexing';
  return count(field(object(indexing, at), 'index_total'), `${at}.index_total`);
};

/** A change: whether every node has taken it over, which the master waits for a while. */
export const parseAcknowledged = (value: unknown): boolean =>
  flag(field(object(value, 'the answer'), 'acknowledged'), 'acknowledged');

/** GET /_ilm/status */
export const parseOperationMode = (value: unknown): string =>
  text(field(object(value, 'the answer'), 'operation_mode'), 'operation_mode');

// What RestController says of a path that no module of the server has: 400, or 405 where another method is known there.
// Words of its own, in place of the object with type and reason that an error of any handler is.
const UNKNOWN_ROUTE = /^(?:no handler found for uri \[|Incorrect HTTP method for uri \[)/;

export const isUnknownRoute = (status: number, body: string): boolean => {
  if (status !== 400 && status !== 405) return false;
  try {
    return UNKNOWN_ROUTE.test(optionalText(field(object(JSON.parse(body), ''), 'error'), '') ?? '');
  } catch {
    return false;
  }
};
