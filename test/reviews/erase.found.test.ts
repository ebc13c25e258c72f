// What an erasure makes of the answers: only one that is about all shards, and about what was asked, proves anything.
import { describe, expect, test } from '@jest/globals';
import { Misshapen } from '../../base/lib/json.ts';
import { namesIn, parseDeleted, parsePage, parseRefreshed } from '../../base/reviews/setup/found.ts';
import { deletion, question } from '../../base/reviews/setup/reviews.ts';

const SHARDS = { total: 2, successful: 2, skipped: 0, failed: 0 };
const hit = (id: string, index = 'reviews-2026.10'): object => ({ _index: index, _id: id, _score: 1 });
const page = (changes: object = {}, hits: object = {}): object => ({
  took: 1,
  timed_out: false,
  _shards: SHARDS,
  hits: { total: { value: 2, relation: 'eq' }, max_score: 1, hits: [hit('a'), hit('b')], ...hits },
  ...changes,
});

describe('a page', () => {
  test('says how many there are, and where', () => {
    const reviews = ['a', 'b'].map((id) => ({ index: 'reviews-2026.10', id }));
    expect(parsePage(page())).toEqual({ total: 2, reviews });
    expect(parsePage(page({}, { total: { value: 9, relation: 'eq' } }))).toEqual({ total: 9, reviews });
    expect(parsePage(page({}, { total: { value: 0, relation: 'eq' }, hits: [] }))).toEqual({ total: 0, reviews: [] });
  });

  test.each<[string, unknown, RegExp]>([
    ['of a search that was not done', page({ timed_out: true }), /not done in time/],
    ['that does not say so', page({ timed_out: undefined }), /timed_out is missing/],
    ['without a shard', page({ _shards: { ...SHARDS, failed: 1 } }), /1 shards failed/],
    ['of no shard', page({ _shards: { ...SHARDS, total: 0 } }), /no shard was asked/],
    ['that does not tell of shards', page({ _shards: undefined }), /_shards is missing/],
    ['whose shards are a text', page({ _shards: { ...SHARDS, failed: '0' } }), /_shards\.failed is string/],
    ['with a lower bound', page({}, { total: { value: 0, relation: 'gte' }, hits: [] }), /not exact/],
    ['without a number', page({}, { total: undefined }), /hits\.total is missing/],
    ['with an old number', page({}, { total: 2 }), /hits\.total is number/],
    ['with a number below 0', page({}, { total: { value: -1, relation: 'eq' } }), /hits\.total\.value/],
    ['with none, and some', page({}, { total: { value: 0, relation: 'eq' } }), /not about hits\.hits/],
    ['with some, and none', page({}, { hits: [] }), /not about hits\.hits/],
    ['without hits', page({ hits: undefined }), /hits is missing/],
    ['with a hit that has no id', page({}, { hits: [hit('a'), hit('')] }), /hits\.hits\.1\._id/],
    ['with a hit that has no index', page({}, { hits: [hit('a', '')] }), /hits\.hits\.0\._index/],
    ['that is no object', [], /the answer is a list/],
  ])('%s proves nothing', (_, value, why) => expect(() => parsePage(value)).toThrow(why));
});

describe('a refresh', () => {
  test('is done where no shard failed', () => {
    // A copy that is not there counts in the total only.
    expect(parseRefreshed({ _shards: { total: 6, successful: 4, failed: 0 } })).toBeUndefined();
  });
  test.each([
    { _shards: { total: 6, successful: 4, failed: 2 } },
    { _shards: { total: 0, successful: 0, failed: 0 } },
    {},
  ])('%j is none', (value) => expect(() => parseRefreshed(value)).toThrow(Misshapen));
});

describe('a deletion', () => {
  const asked = [
    { index: 'reviews-2026.10', id: 'a' },
    { index: 'reviews-2026.11', id: 'b"\\' },
  ];
  const item = (id: string, index: string, more: object): object => ({ delete: { _index: index, _id: id, ...more } });
  const deleted = { result: 'deleted', status: 200 };
  const first = (more: object): object => item('a', 'reviews-2026.10', more);
  const second = (more: object): object => item('b"\\', 'reviews-2026.11', more);
  const answer = (items: unknown, errors: unknown = false): object => ({ took: 1, errors, items });
  const error = { status: 403, error: { type: 'cluster_block_exception', reason: 'index blocked' } };

  test('is asked for by index and id, whatever is in them', () => {
    const lines = deletion(asked).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      asked.map(({ index, id }) => ({ delete: { _index: index, _id: id } })),
    );
  });

  test('counts those that were there; one that is not found is gone', () => {
    const gone = second({ result: 'not_found', status: 404 });
    expect(parseDeleted(asked)(answer([first(deleted), gone]))).toEqual({ deleted: 1, failed: undefined });
  });

  test('says why one could not be deleted, in an index that is gone too', () => {
    expect(parseDeleted(asked)(answer([first(deleted), second(error)], true))).toEqual({
      deleted: 1,
      failed: 'cluster_block_exception: index blocked',
    });
    const lost = { status: 404, error: { type: 'index_not_found_exception', reason: 'no such index' } };
    expect(parseDeleted(asked)(answer([first(lost), second(deleted)], true))).toMatchObject({
      failed: 'index_not_found_exception: no such index',
    });
    expect(parseDeleted(asked)(answer([first({ error: {} }), second(deleted)], true))).toMatchObject({
      failed: 'without a reason',
    });
  });

  test.each<[string, unknown, RegExp]>([
    ['with too few items', answer([first(deleted)]), /1 items for 2 reviews/],
    ['in another order', answer([second(deleted), first(deleted)]), /items\.0\.delete is about another review/],
    ['about another id', answer([first(deleted), item('c', 'reviews-2026.11', deleted)]), /another review/],
    ['of another kind', answer([first(deleted), { index: { _id: 'b' } }]), /items\.1\.delete is missing/],
    ['with another result', answer([first(deleted), second({ result: 'noop' })]), /result is 'noop'/],
    ['without a result', answer([first(deleted), second({ status: 200 })]), /result is missing/],
    ['without errors', { items: [first(deleted), second(deleted)] }, /errors is missing/],
    ['that hides an error', answer([first(deleted), second(error)], false), /the items say otherwise/],
    ['with an error that is in no item', answer([first(deleted), second(deleted)], true), /the items say otherwise/],
    ['that is empty', {}, /items is missing/],
  ])('%s proves nothing', (_, value, why) => expect(() => parseDeleted(asked)(value)).toThrow(why));
});

test('the question is about one value of one field, whatever is in it', () => {
  expect(question('"}},*\\')).toEqual({
    query: { term: { customer_id: { value: '"}},*\\' } } },
    size: 1000,
    _source: false,
    track_total_hits: true,
  });
});

describe('what an answer says went wrong', () => {
  const closed = { type: 'index_closed_exception', reason: 'closed', index: 'reviews-2026.08' };
  test.each<[unknown, string]>([
    [{ error: { ...closed, root_cause: [closed] } }, 'index_closed_exception in reviews-2026.08'],
    [
      { error: { type: 'search_phase_execution_exception', reason: 'all', root_cause: [{ ...closed, type: 'x_y' }] } },
      'search_phase_execution_exception, x_y in reviews-2026.08',
    ],
    [{ error: { type: 'query_shard_exception', reason: 'failed to find C12345' } }, 'query_shard_exception'],
    [{ error: { type: 'no type: C12345', reason: '' } }, ''],
    [{ error: 'no handler found for C12345' }, ''],
    [{ error: { type: 'a', root_cause: ['C12345'] } }, ''],
    ['C12345', ''],
    ['<html>', ''],
  ])('%j is told as %j', (value, names) =>
    expect(namesIn(typeof value === 'string' ? value : JSON.stringify(value))).toBe(names),
  );
});
