// Answers of Elasticsearch's shape for each panel of the dashboard, for tests that have no server.

import type { Json, JsonObject } from '../../../examples/dashboard/json.ts';
import { withAnswers } from '../../../examples/dashboard/kibana-query.ts';
import { readDashboard } from '../../../examples/dashboard/panels.ts';

const RANGE = { from: new Date('2026-08-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
const LANGUAGES = ['nl', 'de', 'fr', 'en'];
const RATINGS = [1, 1.39, 1.41, 2, 2.5, 3, 3.5, 4, 4.5, 4.79, 4.81, 5];
const buckets = (list: readonly JsonObject[]): JsonObject => ({ buckets: [...list] });

/** With every rating and language. */
export const ANSWERS: Record<string, JsonObject> = {
  'reviews-over-time': {
    aggregations: {
      times: buckets(
        LANGUAGES.map((_, i) => ({
          key: i * 86_400_000,
          languages: buckets(LANGUAGES.map((key) => ({ key, doc_count: 7 }))),
        })),
      ),
    },
  },
  'rating-distribution': {
    aggregations: { ratings: buckets([1, 2, 3, 4, 5].map((key) => ({ key, doc_count: key * 10 }))) },
  },
  'rating-trend': {
    aggregations: {
      times: buckets([1, 2, 3].map((key) => ({ key: key * 86_400_000, doc_count: 7, rating: { value: key } }))),
    },
  },
  'hubs-and-languages': {
    aggregations: {
      hubs: buckets(
        RATINGS.map((value) => ({
          key: `HUB-${value}`,
          languages: buckets(LANGUAGES.map((key) => ({ key, doc_count: 12, rating: { value } }))),
        })),
      ),
    },
  },
  'words-in-bad-reviews': {
    aggregations: Object.fromEntries(
      LANGUAGES.map((key) => [
        key,
        { newest: { words: buckets([1, 2, 3, 4, 5].map((n) => ({ key: `${key}word${n}`, doc_count: n * 30 }))) } },
      ]),
    ),
  },
  'newest-reviews': {
    hits: {
      hits: [1, 2, 3, 4, 5].map((rating) => ({
        _source: {
          created_at: '2026-11-20T23:30:00Z',
          rating,
          hub: 'AMS-1',
          language: 'nl',
          text: { nl: 'Prima bezorgd.' },
        },
      })),
    },
  },
};
/** What a search answers where there is no index. */
export const NOTHING: JsonObject = {
  took: 0,
  timed_out: false,
  _shards: { total: 0, successful: 0, skipped: 0, failed: 0 },
  hits: { total: { value: 0, relation: 'eq' }, max_score: 0, hits: [] },
};

export const PANELS = readDashboard().panels;
/** The panel's specification with that answer in it. */
export const answered = (file: string, answer: Json): Promise<JsonObject> => {
  const spec = PANELS.find((panel) => panel.file === file)?.spec ?? {};
  return withAnswers(spec, RANGE, () => Promise.resolve(answer));
};
