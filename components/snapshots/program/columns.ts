// The question by which two copies of a month are compared: for each day the number of reviews and what their columns
// add up to. It reads columns, no texts, and Elasticsearch keeps its answer while a month does not change.

/** More of them in a day are counted together. */
const WORDS = 200;

const terms = (name: string): object => ({ terms: { field: name, size: WORDS, order: { _key: 'asc' } } });

export const COLUMNS = {
  size: 0,
  track_total_hits: true,
  aggs: {
    days: {
      date_histogram: { field: 'delivered_at', calendar_interval: 'day', min_doc_count: 1 },
      aggs: {
        rating: { stats: { field: 'rating' } },
        first: { min: { field: 'created_at' } },
        last: { max: { field: 'created_at' } },
        customers: { value_count: { field: 'customer_id' } },
        hubs: terms('hub'),
        languages: terms('language'),
        channels: terms('channel'),
      },
    },
  },
} as const;
