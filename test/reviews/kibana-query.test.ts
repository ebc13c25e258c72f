import { describe, expect, test } from '@jest/globals';
import { requestBody, withAnswers } from '../../examples/dashboard/kibana-query.ts';

const DAY = 86_400_000;
const from = new Date('2026-08-01T00:00:00Z');
const range = (days: number): { from: Date; to: Date } => ({ from, to: new Date(from.getTime() + days * DAY) });
const bounds = {
  gte: '2026-08-01T00:00:00.000Z',
  lte: '2026-08-31T00:00:00.000Z',
  format: 'strict_date_optional_time',
};

describe('a query of a panel, as Kibana sends it', () => {
  test('gets the dashboard’s time range on its time field', () => {
    const body = requestBody(
      { '%context%': true, '%timefield%': 'created_at', index: 'reviews', body: { size: 0 } },
      range(30),
    );
    expect(body).toEqual({ size: 0, query: { bool: { must: [{ range: { created_at: bounds } }] } } });
  });

  test('keeps its own query, with the time range in it and no filter of the dashboard', () => {
    const query = {
      bool: {
        must: [
          '%dashboard_context-must_clause%',
          { range: { created_at: { '%timefilter%': true } } },
          { term: { hub: 'AMS-1' } },
        ],
      },
    };
    expect(requestBody({ index: 'reviews', body: { query } }, range(30))).toEqual({
      query: { bool: { must: [{ range: { created_at: bounds } }, { term: { hub: 'AMS-1' } }] } },
    });
  });

  test('with a query and a context is refused, as Kibana refuses it', () => {
    expect(() =>
      requestBody({ '%context%': true, index: 'reviews', body: { query: { match_all: {} } } }, range(30)),
    ).toThrow('must not stand beside');
  });

  test.each([
    [2, 'calendar_interval', '1h'],
    [10, 'fixed_interval', '3h'],
    [30, 'fixed_interval', '12h'],
    [90, 'fixed_interval', '24h'],
    [700, 'calendar_interval', '1w'],
    [1500, 'fixed_interval', '30d'],
    [5000, 'calendar_interval', '1y'],
  ])('over %i days in about 50 steps goes by %s %s', (days, kind, step) => {
    const body = { aggs: { times: { date_histogram: { field: 'created_at', interval: { '%autointerval%': true } } } } };
    expect(requestBody({ index: 'reviews', body }, range(days))).toEqual({
      aggs: { times: { date_histogram: { field: 'created_at', [kind]: step } } },
    });
  });

  test('has the ends of the range as numbers', () => {
    const extended_bounds = { min: { '%timefilter%': 'min' }, max: { '%timefilter%': 'max' } };
    const body = { aggs: { times: { date_histogram: { field: 'created_at', interval: '1d', extended_bounds } } } };
    expect(requestBody({ index: 'reviews', body }, range(30))).toEqual({
      aggs: {
        times: {
          date_histogram: {
            field: 'created_at',
            calendar_interval: '1d',
            extended_bounds: { min: from.getTime(), max: from.getTime() + 30 * DAY },
          },
        },
      },
    });
  });

  test('is replaced by its answer, wherever it stands in the specification', async () => {
    const spec = {
      layer: [{ data: { name: 'a', url: { index: 'reviews', body: {} }, format: { property: 'hits' } }, mark: 'bar' }],
      data: { values: [1] },
    };
    const search = (index: string): Promise<string> => Promise.resolve(`answer of ${index}`);
    expect(await withAnswers(spec, range(30), search)).toEqual({
      layer: [{ data: { name: 'a', values: 'answer of reviews', format: { property: 'hits' } }, mark: 'bar' }],
      data: { values: [1] },
    });
  });
});
