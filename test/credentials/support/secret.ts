// A Secret as tests compare it, and the marks that the scripts leave on one.
import { createHash } from 'node:crypto';
import type { ISecret } from 'kubernetes-models/v1';

/** Of the annotations by which the scripts remember what they did. */
export const prefix = 'delivery-reviews.dev';

export interface Secret {
  /** Decoded. */
  readonly data: Readonly<Record<string, string>>;
  /** The scripts' annotations, without their prefix. */
  readonly notes: Readonly<Record<string, string>>;
  readonly version: string;
  readonly uid: string;
}

/** Of an API server's answer: decoded, and without the annotations of others. */
export const secretOf = ({ metadata, data }: ISecret): Secret => {
  const decode = (value: string): string => Buffer.from(value, 'base64').toString('utf8');
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(([key]) => key.startsWith(`${prefix}/`));
  return {
    data: Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, decode(value)])),
    notes: Object.fromEntries(annotations.map(([key, value]) => [key.slice(prefix.length + 1), value])),
    version: metadata?.resourceVersion ?? '',
    uid: metadata?.uid ?? '',
  };
};

/** The checksum by which the scripts know their own writing. */
export const checksum = (data: Readonly<Record<string, string>>): string =>
  createHash('sha256')
    .update(
      Object.entries(data)
        .map(([key, value]) => `${key}:${Buffer.from(value).toString('base64')}\n`)
        .sort()
        .join(''),
    )
    .digest('hex');
