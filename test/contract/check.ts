// What a check of the contract is. It returns nothing when the image keeps to it, and what it found instead otherwise.
import type { NamedImage } from './docker.ts';
import type { Node } from './node.ts';

export interface Image extends NamedImage {
  /** Assembled by test/lab from published parts, and so without what is published nowhere. */
  readonly isStandIn: boolean;
  /** One node, started as the StatefulSet of the dev overlay starts it; the same for all checks. */
  readonly node: () => Promise<Node>;
}

export interface Check {
  readonly name: string;
  /** What the official image does, in one sentence. */
  readonly fact: string;
  /** Where that is read. */
  readonly source: string;
  readonly run: (image: Image) => Promise<string | undefined>;
  /** Only the official image can have it, for this reason. */
  readonly cannotBeHad?: string;
}

const repository = 'https://github.com/elastic/elasticsearch/blob/v9.5.3';
/** A file of the official repository. */
export const at = (path: string): string => `[${path.split('/').at(-1) ?? path}](${repository}/${path})`;

/** Undefined when they are the same. */
export const same = (what: string, found: unknown, wanted: unknown): string | undefined => {
  const [is, must] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === must ? undefined : `${what} must be ${must}, but is ${is}`;
};

/** The first that is not undefined. */
export const first = (...findings: readonly (string | undefined)[]): string | undefined =>
  findings.find((finding) => finding !== undefined);
