// A Secret as it was read, whose it is, and what a request says that makes or changes it.

import { createHash } from 'node:crypto';

export const PREFIX = 'delivery-reviews.dev/';

type Texts = Readonly<Record<string, string>>;

export interface Secret {
  readonly name: string;
  readonly version: string;
  /** In base64, as the API has them. */
  readonly data: Texts;
  /** The annotations that are ours, without their prefix. */
  readonly notes: Texts;
  readonly hasOwner: boolean;
}

/** "unknown": it could not be read, which is neither there nor gone. Whoever read it has said why. */
export type Found = Secret | 'absent' | 'unknown';

export const isThere = (found: Found): found is Secret => typeof found !== 'string';

/** Of lines KEY:BASE64. Clusters have it in their annotations: its form must stay as it is. */
export const checksum = (data: Texts): string =>
  createHash('sha256')
    .update(
      Object.entries(data)
        .map(([key, value]) => `${key}:${value}\n`)
        .sort()
        .join(''),
    )
    .digest('hex');

/**
 * As long as its data is what was written here last. Whoever writes even one value (External Secrets, SOPS,
 * cert-manager, a person) has taken it over, and it is never changed here again.
 */
export const isOurs = ({ data, notes, hasOwner }: Secret): boolean => !hasOwner && notes['checksum'] === checksum(data);

export const isOfOthers = (found: Found): boolean => isThere(found) && !isOurs(found);

/** A value; undefined where there is none, or an empty one. */
export const bytesOf = ({ data }: Secret, key: string): Buffer | undefined => {
  const bytes = Buffer.from(data[key] ?? '', 'base64');
  return bytes.length === 0 ? undefined : bytes;
};

/** The same as text, without the line ends that editors and `--from-file` leave behind: as lib/mounted.ts reads it. */
export const textOf = (secret: Secret, key: string): string | undefined =>
  bytesOf(secret, key)
    ?.toString('utf8')
    .replace(/[\r\n]+$/, '') || undefined;

/** Undefined takes a value, or a note, away. */
export interface Change {
  readonly values?: Readonly<Record<string, string | undefined>>;
  readonly notes?: Readonly<Record<string, string | undefined>>;
}

const LABELS = { 'app.kubernetes.io/part-of': 'delivery-reviews', 'app.kubernetes.io/managed-by': 'credentials' };

/** What makes a Secret, or changes `before`: with its version, so that of two writers the later one fails. */
export const requestOf = (name: string, { values = {}, notes = {} }: Change, before?: Secret): object => {
  const data: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === '') throw new Error(`nothing for ${key} of Secret ${name}`);
    data[key] = value === undefined ? null : Buffer.from(value).toString('base64');
  }
  const after = Object.entries({ ...before?.data, ...data }).flatMap(([key, value]) =>
    value === null ? [] : [[key, value]],
  );
  const annotations = Object.entries(notes).map(([key, value]) => [`${PREFIX}${key}`, value || null]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      ...(before === undefined ? { labels: LABELS } : { resourceVersion: before.version }),
      annotations: {
        [`${PREFIX}checksum`]: checksum(Object.fromEntries(after)),
        ...Object.fromEntries(annotations),
      },
    },
    data,
  };
};
