// Elasticsearch, as the probe asks it. One question, one answer: who tries again is tries.ts.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import { accepted, understood } from '../../../base/lib/http.ts';
import { read } from '../../../base/lib/read.ts';
import { type Body, json, type Send } from '../../../base/lib/user.ts';
import { parseAcknowledged, parseFound, parseItem } from './answers.ts';
import { OWN, ownIndices } from './indices.ts';
import { reviewOf } from './review.ts';

/** Elasticsearch's own times must be over first, 10 s for a master and 30 s for all nodes. */
const DELETE_SECONDS = 45;

/** No shard may be left out, and none may answer from memory what it was asked before. */
const WHOLE = 'allow_partial_search_results=false&request_cache=false';

/** How many reviews have such words, up to 10,000 of them: each shard looks, and no review is in the answer. */
const WORDS = { size: 0, query: { match: { 'text.nl': 'pakket nat' } } };

export interface Elasticsearch {
  /** As a customer's program does, in all months. "absent" where there is no month yet. */
  readonly search: (seconds: number) => Promise<Answer<undefined>>;
  /** "conflict" where it is there. */
  readonly write: (id: string, at: Date, seconds: number) => Promise<Answer<undefined>>;
  readonly isFound: (id: string, seconds: number) => Promise<Answer<boolean>>;
  /** Deletes all that the probe has written, of whatever day. */
  readonly clear: (now: Date) => Promise<Answer<undefined>>;
}

export const elasticsearch = (send: Send): Elasticsearch => {
  const ask = async <Value>(
    method: 'POST' | 'DELETE',
    path: string,
    parse: (value: unknown) => Value,
    seconds: number,
    body?: Body,
  ): Promise<Answer<Value>> => {
    const asked = `${method} ${path.split('?', 1)[0]}`;
    const reply = await send(method, path, seconds, body);
    return reply.ok ? read(asked, understood(asked, reply.value), parse) : reply;
  };
  const find = (name: string, question: object, seconds: number): Promise<Answer<number>> =>
    ask('POST', `/${name}/_search?${WHOLE}`, parseFound, seconds, json(question));

  return {
    search: async (seconds) => {
      const found = await find('reviews', WORDS, seconds);
      return found.ok ? good(undefined) : found;
    },
    write: async (id, at, seconds) => {
      const lines = [{ create: { _index: OWN, _id: id } }, reviewOf(id, at)];
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const item = await ask('POST', '/_bulk', parseItem(id), seconds, { type: 'application/x-ndjson', text });
      if (!item.ok) return item;
      const { status, type } = item.value;
      const done = accepted(`create in ${OWN}`, { status, text: '' });
      return done.ok ? done : bad(done.trouble, `${done.detail} ${type}`);
    },
    isFound: async (id, seconds) => {
      const found = await find(OWN, { size: 0, query: { term: { delivery_id: id } } }, seconds);
      return found.ok ? good(found.value > 0) : found;
    },
    clear: async (now) => {
      const path = `/${ownIndices(now).join(',')}?ignore_unavailable=true&master_timeout=10s`;
      const done = await ask('DELETE', path, parseAcknowledged, DELETE_SECONDS);
      if (!done.ok) return done;
      return done.value ? good(undefined) : bad('busy', `DELETE ${OWN}: not every node has taken it over yet`);
    },
  };
};
