// What Elasticsearch answers. What is missing, of another kind or not about all shards is no answer.

import { count, entries, field, flag, list, must, object, text } from '../../../base/lib/json.ts';

/** A search that every shard has answered: how many were found. */
export const parseFound = (value: unknown): number => {
  const answer = object(value, 'the answer');
  must(!flag(field(answer, 'timed_out'), 'timed_out'), () => 'the server was not done in time');
  const shards = object(field(answer, '_shards'), '_shards');
  const of = (key: string): number => count(field(shards, key), `_shards.${key}`);
  must(of('total') > 0, () => 'no shard was asked');
  must(of('failed') === 0 && of('successful') === of('total'), () => 'not every shard has answered');
  const total = object(field(object(field(answer, 'hits'), 'hits'), 'total'), 'hits.total');
  return count(field(total, 'value'), 'hits.total.value');
};

export interface Item {
  readonly status: number;
  /** Why not; its reason may quote what was sent. */
  readonly type: string;
}

/** The one item of a bulk request, if it is about this document. */
export const parseItem =
  (id: string) =>
  (value: unknown): Item => {
    const items = list(field(object(value, 'the answer'), 'items'), 'items');
    must(items.length === 1, () => `${items.length} items, not one`);
    const [[action, found] = ['', undefined], ...more] = entries(items[0], 'items[0]');
    must(action === 'create' && more.length === 0, () => 'the item is no create');
    const item = object(found, 'create');
    must(field(item, '_id') === id, () => 'the item is of another document');
    const status = count(field(item, 'status'), 'create.status');
    const error = field(item, 'error');
    if (error !== undefined) return { status, type: text(field(object(error, 'create.error'), 'type'), 'error.type') };
    must(field(item, 'result') === 'created', () => 'the result is not "created"');
    const shards = object(field(item, '_shards'), 'create._shards');
    must(count(field(shards, 'successful'), 'create._shards.successful') > 0, () => 'no copy has taken it');
    return { status, type: '' };
  };

export const parseAcknowledged = (value: unknown): boolean =>
  flag(field(object(value, 'the answer'), 'acknowledged'), 'acknowledged');
