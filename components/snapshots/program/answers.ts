// What Elasticsearch answers. What is missing, of another kind or not about all shards is no answer.

import {
  count,
  entries,
  field,
  flag,
  type JsonObject,
  list,
  Misshapen,
  must,
  object,
  optionalText,
  text,
} from '../../../base/lib/json.ts';
import type { Disk, Watermark } from './room.ts';
import { watermarkOf } from './room.ts';
import type { Note, Snapshot } from './snapshots.ts';

const number = (value: unknown, at: string): number => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Misshapen(`${at} is no number`);
  return value;
};

/** GET /_cluster/stats: of what has the uuid the answer for which the fewest rights are needed. */
export const parseClusterUuid = (value: unknown): string => {
  const uuid = text(field(object(value, 'the answer'), 'cluster_uuid'), 'cluster_uuid');
  must(uuid !== '_na_', () => 'the cluster has not formed');
  return uuid;
};

/**
 * The last of the causes that an error names, or nothing. Elasticsearch says "failed to create repository", and only
 * there why.
 */
export const causeIn = (body: string): string => {
  const last = (error: JsonObject): JsonObject => {
    const cause = field(error, 'caused_by');
    return cause === undefined ? error : last(object(cause, 'caused_by'));
  };
  try {
    const error = object(field(object(JSON.parse(body), ''), 'error'), '');
    if (field(error, 'caused_by') === undefined) return '';
    const words = ['type', 'reason'].map((key) => optionalText(field(last(error), key), key) ?? '');
    return ` (${words.join(': ').slice(0, 500)})`;
  } catch {
    return '';
  }
};

/** GET /_snapshot/NAME: type and settings, all of them texts. */
export const parseRepository =
  (name: string) =>
  (value: unknown): { readonly type: string; readonly settings: Readonly<Record<string, string>> } => {
    const found = object(field(object(value, 'the answer'), name), name);
    const settings = entries(field(found, 'settings') ?? {}, 'settings');
    return {
      type: text(field(found, 'type'), 'type'),
      settings: Object.fromEntries(settings.map(([key, one]) => [key, optionalText(one, `settings.${key}`) ?? ''])),
    };
  };

/** Another program's metadata may be anything: then it says nothing. */
const noteOf = (value: unknown): Note => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const { cluster, record, months, reviews }: JsonObject = { ...value };
  return {
    ...(typeof cluster === 'string' ? { cluster } : {}),
    ...(typeof record === 'string' ? { record } : {}),
    ...(typeof months === 'number' ? { months } : {}),
    ...(typeof reviews === 'number' ? { reviews } : {}),
  };
};

const snapshotOf = (value: unknown, at: string): Snapshot => {
  const one = object(value, at);
  const shards = object(field(one, 'shards') ?? {}, `${at}.shards`);
  const shardsOf = (key: string): number => count(field(shards, key) ?? 0, `${at}.shards.${key}`);
  const state = text(field(one, 'state'), `${at}.state`);
  const end = field(one, 'end_time_in_millis') ?? 0;
  return {
    name: text(field(one, 'snapshot'), `${at}.snapshot`),
    state,
    start: count(field(one, 'start_time_in_millis'), `${at}.start_time_in_millis`) / 1000,
    end: state === 'IN_PROGRESS' ? 0 : count(end, `${at}.end_time_in_millis`) / 1000,
    indices: list(field(one, 'indices'), `${at}.indices`).map((index, i) => text(index, `${at}.indices.${i}`)),
    shards: { total: shardsOf('total'), failed: shardsOf('failed'), successful: shardsOf('successful') },
    note: noteOf(field(one, 'metadata')),
  };
};

/** GET /_snapshot/NAME/* */
export const parseSnapshots = (value: unknown): readonly Snapshot[] => {
  const answer = object(value, 'the answer');
  must((field(answer, 'remaining') ?? 0) === 0, () => 'these are not all snapshots');
  return list(field(answer, 'snapshots'), 'snapshots').map((one, i) => snapshotOf(one, `snapshots.${i}`));
};

/** GET /_snapshot/NAME/*?verbose=false, which reads none of their own files. */
export const parseNames = (value: unknown): readonly string[] =>
  list(field(object(value, 'the answer'), 'snapshots'), 'snapshots').map((one, i) =>
    text(field(object(one, `snapshots.${i}`), 'snapshot'), `snapshots.${i}.snapshot`),
  );

/** GET /_snapshot/NAME/SNAPSHOT?index_details=true: bytes of each index. */
export const parseSizes = (value: unknown): Readonly<Record<string, number>> => {
  const [one] = list(field(object(value, 'the answer'), 'snapshots'), 'snapshots');
  const details = entries(field(object(one, 'snapshots.0'), 'index_details') ?? {}, 'index_details');
  return Object.fromEntries(
    details.map(([name, detail]) => [
      name,
      count(field(object(detail, name), 'size_in_bytes'), `${name}.size_in_bytes`),
    ]),
  );
};

/** POST /_snapshot/NAME/_verify: how many nodes can use it. */
export const parseVerified = (value: unknown): number => {
  const nodes = entries(field(object(value, 'the answer'), 'nodes'), 'nodes').length;
  must(nodes > 0, () => 'no node has verified it');
  return nodes;
};

export const parseAccepted = (value: unknown): boolean =>
  flag(field(object(value, 'the answer'), 'accepted'), 'accepted');

export const parseAcknowledged = (value: unknown): undefined => {
  must(flag(field(object(value, 'the answer'), 'acknowledged'), 'acknowledged'), () => 'not every node has done it');
  return undefined;
};

/** POST /_snapshot/NAME/SNAPSHOT/_restore?wait_for_completion=true: how many shards could not be restored. */
export const parseRestored = (value: unknown): { readonly total: number; readonly failed: number } => {
  const snapshot = object(field(object(value, 'the answer'), 'snapshot'), 'snapshot');
  const shards = object(field(snapshot, 'shards'), 'snapshot.shards');
  const [total, failed, successful] = ['total', 'failed', 'successful'].map((key) =>
    count(field(shards, key), `snapshot.shards.${key}`),
  );
  must((total ?? 0) > 0, () => 'nothing was restored');
  must((failed ?? 0) + (successful ?? 0) === total, () => 'snapshot.shards does not add up');
  return { total: total ?? 0, failed: failed ?? 0 };
};

export interface Health {
  readonly status: string;
  /** By the index's name. */
  readonly indices: Readonly<Record<string, string>>;
}

/** GET /_cluster/health/PATTERN?level=indices, whatever state they are in. */
export const parseHealth = (value: unknown): Health => {
  const answer = object(value, 'the answer');
  const indices = entries(field(answer, 'indices') ?? {}, 'indices').map(([name, health]) => [
    name,
    text(field(object(health, `indices.${name}`), 'status'), `indices.${name}.status`),
  ]);
  return { status: text(field(answer, 'status'), 'status'), indices: Object.fromEntries(indices) };
};

/** GET /_nodes/stats/fs, of those that hold data. */
export const parseDisks = (value: unknown): readonly Disk[] => {
  const answer = object(value, 'the answer');
  const failed = count(field(object(field(answer, '_nodes'), '_nodes'), 'failed'), '_nodes.failed');
  must(failed === 0, () => `${failed} nodes did not answer`);
  return entries(field(answer, 'nodes'), 'nodes').map(([id, node]) => {
    const of = object(node, `nodes.${id}`);
    const total = object(field(object(field(of, 'fs'), 'fs'), 'total'), 'fs.total');
    return {
      node: text(field(of, 'name'), 'name'),
      total: count(field(total, 'total_in_bytes'), 'total_in_bytes'),
      available: count(field(total, 'available_in_bytes'), 'available_in_bytes'),
    };
  });
};

/** GET /_cluster/settings?include_defaults=true&flat_settings=true */
export const parseWatermark = (value: unknown): Watermark => {
  const answer = object(value, 'the answer');
  const setting = (name: string): string => {
    const key = `cluster.routing.allocation.disk.${name}`;
    for (const group of ['transient', 'persistent', 'defaults']) {
      const found = optionalText(field(object(field(answer, group) ?? {}, group), key), key);
      if (found !== undefined) return found;
    }
    throw new Misshapen(`${key} is missing`);
  };
  // Then Elasticsearch fills disks to the last byte.
  if (setting('threshold_enabled') === 'false') return { used: 1, most: 0 };
  const [low, most] = [setting('watermark.low'), setting('watermark.low.max_headroom')];
  const watermark = watermarkOf(low, most);
  must(watermark !== undefined, () => `the low watermark is '${low}', at most '${most}'`);
  return watermark ?? { used: 0, most: 0 };
};

const KEYWORDS = ['hubs', 'languages', 'channels'] as const;

/** Of one day, in the order that is hashed. */
const dayOf = (value: unknown, at: string): readonly unknown[] => {
  const day = object(value, at);
  const numberOf = (name: string, key: string): number | null => {
    const found = field(object(field(day, name), `${at}.${name}`), key);
    return found === null ? null : number(found, `${at}.${name}.${key}`);
  };
  const words = KEYWORDS.map((name) => {
    const terms = object(field(day, name), `${at}.${name}`);
    const pairs = list(field(terms, 'buckets'), `${at}.${name}.buckets`).map((bucket, i): [string, number] => {
      const one = object(bucket, `${at}.${name}.${i}`);
      const key = text(field(one, 'key'), `${at}.${name}.${i}.key`);
      return [key, count(field(one, 'doc_count'), `${at}.${name}.${i}.doc_count`)];
    });
    const rest = count(field(terms, 'sum_other_doc_count'), `${at}.${name}.sum_other_doc_count`);
    return [name, rest, pairs.sort(([a], [b]) => (a < b ? -1 : 1))];
  });
  return [
    count(field(day, 'key'), `${at}.key`),
    count(field(day, 'doc_count'), `${at}.doc_count`),
    numberOf('rating', 'count'),
    numberOf('rating', 'sum'),
    numberOf('rating', 'min'),
    numberOf('rating', 'max'),
    numberOf('first', 'value'),
    numberOf('last', 'value'),
    numberOf('customers', 'value'),
    words,
  ];
};

/** POST /MONTH/_search with the question of columns.ts: the number of reviews, and what is hashed. */
export const parseColumns = (value: unknown): { readonly reviews: number; readonly columns: string } => {
  const answer = object(value, 'the answer');
  must(!flag(field(answer, 'timed_out'), 'timed_out'), () => 'the search was not done in time');
  const shards = object(field(answer, '_shards'), '_shards');
  const failed = count(field(shards, 'failed'), '_shards.failed');
  must(failed === 0 && count(field(shards, 'total'), '_shards.total') > 0, () => `${failed} shards failed`);
  const total = object(field(object(field(answer, 'hits'), 'hits'), 'total'), 'hits.total');
  must(field(total, 'relation') === 'eq', () => 'hits.total is not exact');
  const days = object(field(object(field(answer, 'aggregations'), 'aggregations'), 'days'), 'days');
  const buckets = list(field(days, 'buckets'), 'days.buckets').map((day, i) => dayOf(day, `days.${i}`));
  return { reviews: count(field(total, 'value'), 'hits.total.value'), columns: JSON.stringify(buckets) };
};

/** GET /INDEX/_doc/ID of a document with one field, `words`. */
export const parseWords = (value: unknown): string => {
  const source = object(field(object(value, 'the answer'), '_source'), '_source');
  return text(field(source, 'words'), '_source.words');
};
