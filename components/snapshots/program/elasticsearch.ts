// Elasticsearch, as this program asks it. Nothing here decides.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import { understood } from '../../../base/lib/http.ts';
import { read } from '../../../base/lib/read.ts';
import { json, type Send } from '../../../base/lib/user.ts';
import * as answers from './answers.ts';
import { COLUMNS } from './columns.ts';
import { digestOf, type Month } from './record.ts';
import type { Repository } from './repository-file.ts';
import type { Disk, Watermark } from './room.ts';
import { BESIDE, MONTHS, type Note, RECORD, type Snapshot } from './snapshots.ts';

/** The repository's name in the cluster. */
const REPOSITORY = 'reviews';
const HERE = `/_snapshot/${REPOSITORY}`;
/** Elasticsearch's own times must be over first, 10 s for a master and 30 s for all nodes: its answer says why. */
const SECONDS = 45;
/** A store in a bucket may be slow; a deletion reads and writes what all snapshots have in common. */
const STORE_SECONDS = 300;
const MASTER = 'master_timeout=10s';

export interface Found {
  readonly snapshots: readonly Snapshot[];
  /** Names of those whose own files cannot be read. */
  readonly unreadable: readonly string[];
}

interface RestoreWish {
  readonly snapshot: string;
  readonly indices: readonly string[];
  /** Renamed, without copies, and under no alias. */
  readonly beside: boolean;
  readonly seconds: number;
}

export interface Elasticsearch {
  readonly cluster: () => Promise<Answer<string>>;
  /** "absent" where it is not registered. */
  readonly registered: () => Promise<Answer<Repository>>;
  readonly register: (repository: Repository) => Promise<Answer<undefined>>;
  readonly verify: () => Promise<Answer<number>>;
  readonly snapshots: () => Promise<Answer<Found>>;
  readonly sizes: (snapshot: string) => Promise<Answer<Readonly<Record<string, number>>>>;
  readonly create: (snapshot: string, note: Note) => Promise<Answer<boolean>>;
  readonly remove: (snapshot: string) => Promise<Answer<undefined>>;
  readonly restore: (wish: RestoreWish) => Promise<Answer<{ readonly total: number; readonly failed: number }>>;
  readonly health: (pattern: string) => Promise<Answer<answers.Health>>;
  readonly month: (index: string) => Promise<Answer<Month>>;
  /** "absent" where there is none. */
  readonly words: (index: string, id: string) => Promise<Answer<string>>;
  readonly write: (id: string, words: string) => Promise<Answer<undefined>>;
  /** Of an index that a drill has made. */
  readonly removeBeside: (index: string) => Promise<Answer<undefined>>;
  readonly disks: () => Promise<Answer<readonly Disk[]>>;
  readonly watermark: () => Promise<Answer<Watermark>>;
}

export const elasticsearch = (send: Send): Elasticsearch => {
  const ask = async <Value>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    parse: (value: unknown) => Value,
    { body, seconds = SECONDS }: { readonly body?: object; readonly seconds?: number } = {},
  ): Promise<Answer<Value>> => {
    const asked = `${method} ${path.split('?', 1)[0]}`;
    const reply = await send(method, path, seconds, body === undefined ? undefined : json(body));
    if (!reply.ok) return reply;
    const answer = understood(asked, reply.value);
    return answer.ok
      ? read(asked, answer, parse)
      : { ...answer, detail: `${answer.detail}${answers.causeIn(reply.value.text)}` };
  };
  const some = (name: string): string => encodeURIComponent(name);
  const slow = { seconds: STORE_SECONDS };

  /** A health is answered with 408 where it is not what was waited for; nothing is waited for here. */
  const health: Elasticsearch['health'] = (pattern) =>
    ask('GET', `/_cluster/health/${pattern}?level=indices&${MASTER}`, answers.parseHealth);

  return {
    cluster: () => ask('GET', '/_cluster/stats?filter_path=cluster_uuid', answers.parseClusterUuid),
    registered: () => ask('GET', `${HERE}?${MASTER}`, answers.parseRepository(REPOSITORY)),
    register: ({ type, settings }) =>
      ask('PUT', `${HERE}?verify=false&${MASTER}`, answers.parseAcknowledged, { body: { type, settings }, ...slow }),
    verify: () => ask('POST', `${HERE}/_verify?${MASTER}`, answers.parseVerified, slow),
    snapshots: async () => {
      const names = await ask('GET', `${HERE}/*?verbose=false&${MASTER}`, answers.parseNames, slow);
      if (!names.ok) return names;
      const all = `${HERE}/*?ignore_unavailable=true&${MASTER}`;
      const snapshots = await ask('GET', all, answers.parseSnapshots, slow);
      if (!snapshots.ok) return snapshots;
      const known = new Set(snapshots.value.map(({ name }) => name));
      return good({ snapshots: snapshots.value, unreadable: names.value.filter((name) => !known.has(name)) });
    },
    sizes: (snapshot) => ask('GET', `${HERE}/${some(snapshot)}?index_details=true&${MASTER}`, answers.parseSizes, slow),
    create: (snapshot, note) =>
      ask('PUT', `${HERE}/${some(snapshot)}?wait_for_completion=false&${MASTER}`, answers.parseAccepted, {
        // Partial: where a month has lost all its copies the others are still saved. Such a snapshot is not good.
        body: {
          indices: [`${MONTHS}*`, RECORD],
          ignore_unavailable: true,
          include_global_state: false,
          feature_states: ['none'],
          partial: true,
          metadata: note,
        },
        ...slow,
      }),
    remove: (snapshot) => ask('DELETE', `${HERE}/${some(snapshot)}?${MASTER}`, answers.parseAcknowledged, slow),
    restore: ({ snapshot, indices, beside, seconds }) =>
      ask('POST', `${HERE}/${some(snapshot)}/_restore?wait_for_completion=true&${MASTER}`, answers.parseRestored, {
        body: {
          indices,
          include_global_state: false,
          feature_states: ['none'],
          // No reader finds what a drill restores, and no policy takes it for a month.
          include_aliases: !beside,
          ...(beside
            ? {
                rename_pattern: '(.+)',
                rename_replacement: `${BESIDE}$1`,
                // One copy is enough to read; a month that waits for more than there are is refused.
                index_settings: {
                  'index.number_of_replicas': 0,
                  'index.auto_expand_replicas': 'false',
                  'index.write.wait_for_active_shards': '1',
                },
                ignore_index_settings: ['index.lifecycle.name'],
              }
            : {}),
        },
        seconds,
      }),
    health,
    month: async (index) => {
      const path = `/${some(index)}/_search?allow_partial_search_results=false`;
      const found = await ask('POST', path, answers.parseColumns, { body: COLUMNS, ...slow });
      if (!found.ok) return found;
      const { reviews, columns } = found.value;
      return good({ reviews, checksum: digestOf(columns) });
    },
    words: (index, id) => ask('GET', `/${some(index)}/_doc/${some(id)}`, answers.parseWords),
    write: async (id, words) => {
      const made = await ask('PUT', `/${RECORD}?${MASTER}`, answers.parseAcknowledged, {
        body: {
          settings: { 'index.number_of_shards': 1, 'index.auto_expand_replicas': '0-1' },
          mappings: { dynamic: false },
        },
      });
      // It is there already, or the write below says what is wrong.
      if (!made.ok && made.trouble !== 'refused') return made;
      const put = await ask('PUT', `/${RECORD}/_doc/${some(id)}`, (value) => value, { body: { words } });
      return put.ok ? good(undefined) : put;
    },
    removeBeside: async (index) =>
      index.startsWith(BESIDE)
        ? ask('DELETE', `/${some(index)}?${MASTER}`, answers.parseAcknowledged)
        : bad('refused', `DELETE /${index}: a drill deletes only what it has made`),
    disks: () => ask('GET', '/_nodes/data:true/stats/fs', answers.parseDisks),
    watermark: () =>
      ask('GET', `/_cluster/settings?include_defaults=true&flat_settings=true&${MASTER}`, answers.parseWatermark),
  };
};
