// What Elasticsearch answers to the questions of an erasure. Whatever is missing, of another kind or not about all
// shards proves nothing.

import {
  count,
  field,
  flag,
  type JsonObject,
  list,
  Misshapen,
  must,
  object,
  optionalText,
  text,
} from '../../lib/json.ts';

/** Where one review is. */
export interface Review {
  readonly index: string;
  readonly id: string;
}

export interface Page {
  /** Of the customer, in all months. */
  readonly total: number;
  /** The first of them. */
  readonly reviews: readonly Review[];
}

const allShards = (answer: JsonObject): number => {
  const shards = object(field(answer, '_shards'), '_shards');
  const failed = count(field(shards, 'failed'), '_shards.failed');
  must(failed === 0, () => `${failed} shards failed`);
  return count(field(shards, 'total'), '_shards.total');
};

/** POST _refresh. Copies that are not there count in no number: the search notices a shard that has none. */
export const parseRefreshed = (value: unknown): undefined => {
  must(allShards(object(value, 'the answer')) > 0, () => 'no shard was asked');
  return undefined;
};

const review = (value: unknown, at: string): Review => {
  const hit = object(value, at);
  return { index: text(field(hit, '_index'), `${at}._index`), id: text(field(hit, '_id'), `${at}._id`) };
};

/** POST _search */
export const parsePage = (value: unknown): Page => {
  const answer = object(value, 'the answer');
  must(!flag(field(answer, 'timed_out'), 'timed_out'), () => 'the search was not done in time');
  must(allShards(answer) > 0, () => 'no shard was asked');
  const hits = object(field(answer, 'hits'), 'hits');
  const total = object(field(hits, 'total'), 'hits.total');
  must(field(total, 'relation') === 'eq', () => 'hits.total is not exact');
  const all = count(field(total, 'value'), 'hits.total.value');
  const reviews = list(field(hits, 'hits'), 'hits.hits').map((hit, i) => review(hit, `hits.hits.${i}`));
  must(reviews.length <= all && (all === 0) === (reviews.length === 0), () => 'hits.total is not about hits.hits');
  return { total: all, reviews };
};

const reasonOf = (error: unknown): string => {
  const { type, reason } = { type: undefined, reason: undefined, ...object(error, 'error') };
  return [type, reason].filter((word) => typeof word === 'string' && word !== '').join(': ') || 'without a reason';
};

export interface Deleted {
  /** How many were there and are not any more. */
  readonly deleted: number;
  /** Why others could not be deleted: the first reason. */
  readonly failed: string | undefined;
}

/** POST _bulk: one item for each review, in the same order. A review that is not found is gone. */
export const parseDeleted =
  (asked: readonly Review[]) =>
  (value: unknown): Deleted => {
    const answer = object(value, 'the answer');
    const items = list(field(answer, 'items'), 'items');
    must(items.length === asked.length, () => `${items.length} items for ${asked.length} reviews`);
    let deleted = 0;
    let failed: string | undefined;
    for (const [i, { index, id }] of asked.entries()) {
      const at = `items.${i}.delete`;
      const item = object(field(object(items[i], `items.${i}`), 'delete'), at);
      must(field(item, '_index') === index && field(item, '_id') === id, () => `${at} is about another review`);
      const error = field(item, 'error');
      if (error !== undefined) {
        failed ??= reasonOf(error);
        continue;
      }
      const result = text(field(item, 'result'), `${at}.result`);
      if (result === 'deleted') deleted += 1;
      else must(result === 'not_found', () => `${at}.result is '${result}'`);
    }
    const errors = flag(field(answer, 'errors'), 'errors');
    must(errors === (failed !== undefined), () => `errors is ${errors}, but the items say otherwise`);
    return { deleted, failed };
  };

/**
 * What an answer says went wrong, without a sentence of it: those may quote the question, and with it the customer's
 * id.
 * Only types of exceptions, and the indices that they are about.
 */
export const namesIn = (body: string): string => {
  try {
    const error = object(field(object(JSON.parse(body), ''), 'error'), '');
    const causes = [error, ...list(field(error, 'root_cause') ?? [], '').map((cause) => object(cause, ''))];
    const names = causes.flatMap((cause) => {
      const [type, index] = ['type', 'index'].map((key) => optionalText(field(cause, key), ''));
      if (type === undefined || !/^[a-z_]+$/.test(type)) return [];
      return [index === undefined ? type : `${type} in ${index}`];
    });
    return [...new Set(names)].join(', ');
  } catch (error) {
    if (error instanceof Misshapen || error instanceof SyntaxError) return '';
    throw error;
  }
};
