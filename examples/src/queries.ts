import type { Client } from '@elastic/elasticsearch';
import type { Language, Review } from './review.ts';

/**
 * Reviews that speak of something, in the words of one language: singular and plural, whatever the writer used. Best
 * first.
 */
export async function find(
  client: Client,
  language: Language,
  words: string,
  size = 3,
): Promise<{ total: number; reviews: Review[] }> {
  const answer = await client.search<Review>({
    index: 'reviews',
    size,
    track_total_hits: true,
    query: { match: { [`text.${language}`]: { query: words, operator: 'and' } } },
    sort: ['_score', { created_at: 'desc' }],
  });
  const total = answer.hits.total;
  return {
    total: typeof total === 'number' ? total : (total?.value ?? 0),
    reviews: answer.hits.hits.flatMap(({ _source }) => (_source === undefined ? [] : [_source])),
  };
}

export interface HubRating {
  readonly hub: string;
  readonly reviews: number;
  readonly average: number;
}

/** How the hubs are rated, the worst first. */
export async function hubs(client: Client): Promise<HubRating[]> {
  const answer = await client.search<
    Review,
    { hubs: { buckets: { key: string; doc_count: number; rating: { value: number } }[] } }
  >({
    index: 'reviews',
    size: 0,
    aggs: { hubs: { terms: { field: 'hub', size: 100 }, aggs: { rating: { avg: { field: 'rating' } } } } },
  });
  return (answer.aggregations?.hubs.buckets ?? [])
    .map(({ key, doc_count, rating }) => ({ hub: key, reviews: doc_count, average: rating.value }))
    .toSorted((a, b) => a.average - b.average);
}

/** Words that stand in bad reviews of a language far more often than in all of them. */
export async function complaints(client: Client, language: Language, size = 5): Promise<string[]> {
  const answer = await client.search<Review, { words: { buckets: { key: string }[] } }>({
    index: 'reviews',
    size: 0,
    query: { bool: { filter: [{ term: { language } }, { range: { rating: { lte: 2 } } }] } },
    aggs: {
      words: {
        significant_text: {
          field: `text.${language}.words`,
          size,
          background_filter: { term: { language } },
        },
      },
    },
  });
  return (answer.aggregations?.words.buckets ?? []).map(({ key }) => key);
}
