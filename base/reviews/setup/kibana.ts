// Kibana, as the import of the dashboard asks it.

import { basename } from 'node:path';
import { type Answer, bad, good } from '../../lib/answer.ts';
import { understood } from '../../lib/http.ts';
import { field, flag, object, text } from '../../lib/json.ts';
import { read } from '../../lib/read.ts';
import type { Send } from '../../lib/user.ts';
import { form } from './multipart.ts';

const SECONDS = 60;
const LONGEST_REASON = 500;

/** GET /api/status, which is 503 while Kibana cannot work: its own words, not those of a proxy before it. */
const parseLevel = (value: unknown): string => {
  const status = object(field(object(value, 'the answer'), 'status'), 'status');
  return text(field(object(field(status, 'overall'), 'status.overall'), 'level'), 'status.overall.level');
};

/** Nothing where all was taken; otherwise what Kibana says of what was not. */
const parseImported = (value: unknown): string | undefined => {
  const answer = object(value, 'the answer');
  if (flag(field(answer, 'success'), 'success')) return undefined;
  const errors = JSON.stringify(field(answer, 'errors') ?? 'without a reason');
  return errors.length > LONGEST_REASON ? `${errors.slice(0, LONGEST_REASON)} …` : errors;
};

export interface Kibana {
  /** Good when it says that it can work. */
  readonly available: () => Promise<Answer<undefined>>;
  /** Objects keep their ids, so another import replaces them and adds nothing. */
  readonly importObjects: (file: string, content: string) => Promise<Answer<undefined>>;
}

export const kibana = (send: Send): Kibana => ({
  available: async () => {
    const asked = 'GET /api/status';
    const reply = await send('GET', '/api/status', SECONDS);
    const level = reply.ok ? read(asked, understood(asked, reply.value), parseLevel) : reply;
    return level.ok ? good(undefined) : level;
  },
  importObjects: async (file, content) => {
    const path = '/api/saved_objects/_import';
    const asked = `POST ${path}`;
    // Kibana refuses a file whose name does not end in .ndjson, and a request without a header against forgery.
    const body = form({ field: 'file', name: basename(file), type: 'application/ndjson', text: content });
    const reply = await send('POST', `${path}?overwrite=true`, SECONDS, body, { 'kbn-xsrf': 'true' });
    if (!reply.ok) return reply;
    const done = read(asked, understood(asked, reply.value), parseImported);
    if (!done.ok) return done;
    return done.value === undefined ? good(undefined) : bad('refused', `${asked}: ${done.value}`);
  },
});
