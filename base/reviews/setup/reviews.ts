// Elasticsearch, as an erasure asks it. The customer's id is in bodies alone.

import { type Answer, bad } from '../../lib/answer.ts';
import { accepted, type Reply, understood } from '../../lib/http.ts';
import { read } from '../../lib/read.ts';
import { type Body, json, type Send } from '../../lib/user.ts';
import { type Deleted, namesIn, type Page, parseDeleted, parsePage, parseRefreshed, type Review } from './found.ts';

const SECONDS = 60;
/** Reviews of one page. */
const PAGE = 1000;

// The alias must be there and may be read, or the answer is no good one. The months as well, in case one lacks the
// alias: rights on indices narrow a pattern without a word, so it is not enough by itself. Also those that are closed,
// which cannot be searched: the server refuses then, and names one.
const EVERYWHERE = '/reviews,reviews-*';
const CLOSED_TOO = 'expand_wildcards=all';

export interface Reviews {
  /** Good when what was written and deleted before can be found. */
  readonly refresh: () => Promise<Answer<undefined>>;
  readonly page: (customer: string) => Promise<Answer<Page>>;
  /** Good when none of these is there any more. */
  readonly remove: (reviews: readonly Review[]) => Promise<Answer<Deleted>>;
}

export const question = (customer: string): object => ({
  query: { term: { customer_id: { value: customer } } },
  size: PAGE,
  _source: false,
  track_total_hits: true,
});

/** One line for each review, as a bulk request has it. */
export const deletion = (reviews: readonly Review[]): string =>
  reviews.map(({ index, id }) => `${JSON.stringify({ delete: { _index: index, _id: id } })}\n`).join('');

export const reviews = (send: Send): Reviews => {
  const post = async (path: string, body?: Body): Promise<Answer<Reply>> => {
    const reply = await send('POST', path, SECONDS, body);
    if (!reply.ok) return reply;
    const { status, text } = reply.value;
    // Without its text, which it would quote.
    const done = accepted(`POST ${path.split('?', 1)[0]}`, { status, text: '' });
    if (done.ok) return reply;
    const names = namesIn(text);
    return bad(done.trouble, names === '' ? done.detail : `${done.detail} (${names})`);
  };

  const ask = async <Value>(path: string, parse: (value: unknown) => Value, body?: Body): Promise<Answer<Value>> => {
    const asked = `POST ${path.split('?', 1)[0]}`;
    const reply = await post(path, body);
    return reply.ok ? read(asked, understood(asked, reply.value), parse) : reply;
  };

  return {
    refresh: () => ask(`${EVERYWHERE}/_refresh?${CLOSED_TOO}`, parseRefreshed),
    page: (customer) =>
      ask(
        `${EVERYWHERE}/_search?allow_partial_search_results=false&${CLOSED_TOO}`,
        parsePage,
        json(question(customer)),
      ),
    remove: async (found) => {
      const done = await ask('/_bulk?timeout=30s', parseDeleted(found), {
        type: 'application/x-ndjson',
        text: deletion(found),
      });
      if (!done.ok || done.value.failed === undefined) return done;
      return bad('refused', `a review could not be deleted: ${done.value.failed}`);
    },
  };
};
