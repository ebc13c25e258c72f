// Elasticsearch, as the set-up asks it.

import { type Answer, bad, good, type Trouble } from '../../lib/answer.ts';
import { understood } from '../../lib/http.ts';
import { read } from '../../lib/read.ts';
import type { Send } from '../../lib/user.ts';
import {
  isUnknownRoute,
  parseAcknowledged,
  parseMonths,
  parseOperationMode,
  parseStatus,
  parseWritten,
} from './answers.ts';
import type { Put } from './design.ts';

/** Elasticsearch's own times must be over first, 10 s for a master and 30 s for all nodes: its answer says why. */
const SECONDS = 45;
const MASTER = 'master_timeout=10s';

/** How long a change is tried again while nobody can carry it out: an election, an index that is being made. */
const PATIENCE_SECONDS = 60;
const PAUSE_SECONDS = 2;
const PASSES: ReadonlySet<Trouble> = new Set<Trouble>(['not-listening', 'no-answer', 'no-master', 'busy']);

/** Elasticsearch is not able to answer now: what is asked next would not be answered either. */
export const isAway = (trouble: Trouble): boolean => PASSES.has(trouble);

export interface Elasticsearch {
  /** Good when it can be worked with: it has a master, and no index lacks its first copy. */
  readonly able: () => Promise<Answer<undefined>>;
  /** Good when every node has taken it over. */
  readonly put: (put: Put) => Promise<Answer<undefined>>;
  /** Whether the server has the module of lifecycle policies. */
  readonly hasLifecycle: () => Promise<Answer<boolean>>;
  readonly months: () => Promise<Answer<readonly string[]>>;
  /** Reviews that were written since the shards that have them began: it falls when one moves. */
  readonly written: () => Promise<Answer<number>>;
}

export interface Time {
  /** In seconds, monotonic. */
  readonly clock: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
}

export const elasticsearch = (send: Send, { clock, sleep }: Time): Elasticsearch => {
  const get = async <Value>(path: string, parse: (value: unknown) => Value): Promise<Answer<Value>> => {
    const asked = `GET ${path.split('?', 1)[0]}`;
    const reply = await send('GET', path, SECONDS);
    return reply.ok ? read(asked, understood(asked, reply.value), parse) : reply;
  };

  const putOnce = async ({ path, text }: Put): Promise<Answer<undefined>> => {
    const asked = `PUT ${path}`;
    const reply = await send('PUT', `${path}?${MASTER}`, SECONDS, { type: 'application/json', text });
    if (!reply.ok) return reply;
    const done = read(asked, understood(asked, reply.value), parseAcknowledged);
    if (!done.ok) return done;
    return done.value ? good(undefined) : bad('busy', `${asked}: not every node has taken it over yet`);
  };

  return {
    able: async () => {
      const status = await get(`/_cluster/health?${MASTER}`, parseStatus);
      if (!status.ok) return status;
      return status.value === 'red'
        ? bad('busy', 'the cluster is red: an index lacks its first copy')
        : good(undefined);
    },
    put: async (put) => {
      const last = clock() + PATIENCE_SECONDS;
      for (;;) {
        const done = await putOnce(put);
        if (done.ok || !isAway(done.trouble) || clock() >= last) return done;
        await sleep(PAUSE_SECONDS);
      }
    },
    hasLifecycle: async () => {
      const path = '/_ilm/status';
      const reply = await send('GET', path, SECONDS);
      if (!reply.ok) return reply;
      if (isUnknownRoute(reply.value.status, reply.value.text)) return good(false);
      const mode = read(`GET ${path}`, understood(`GET ${path}`, reply.value), parseOperationMode);
      return mode.ok ? good(true) : mode;
    },
    months: () => get(`/_cluster/health/reviews-*?level=indices&${MASTER}`, parseMonths),
    written: () => get('/reviews-*/_stats/indexing?level=cluster', parseWritten),
  };
};
