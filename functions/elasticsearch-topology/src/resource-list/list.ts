import type { Edit } from '../yaml/edit.ts';
import { equal, isMap, type Json } from '../yaml/json.ts';
import { NotYaml, type Read, readYaml } from '../yaml/read.ts';

/** An edit of one item of the list. */
export interface ItemEdit extends Edit {
  readonly item: number;
}

/** One item of the list, as data. */
export interface Resource {
  readonly item: number;
  readonly object: unknown;
}

/** Where `plan` looks things up. */
export interface Resources {
  /**
   * At least every resource of the kind whose text has the word (as a key: with a colon behind). Reading few is what
   * makes a long list cheap.
   */
  find(kind: string, word: string, asKey?: 'as key'): readonly Resource[];
}

export interface ResourceList extends Resources {
  readonly functionConfig: unknown;
  object(item: number): unknown;
  /** The list's text with the edits made and the results added: pieces, to be written one after the other. */
  write(edits: readonly ItemEdit[], results: readonly Json[]): Uint8Array[];
}

/** The input is not a list of resources. */
export class BadInput extends Error {}

/** The list can't be worked on item by item: items share YAML anchors, or one can't be read by itself. */
export class NeedsWholeText extends Error {}

export function decode(bytes: Buffer): string {
  const text = bytes.toString();
  // What is no UTF-8 is read as something else, and would be written as that.
  if (text.includes('\uFFFD') && !Buffer.from(text).equals(bytes)) throw new BadInput('the input must be UTF-8');
  return text;
}

/** Reads a text that can be understood without the rest of the list. */
export function readAlone(text: string): Read {
  try {
    const read = readYaml(text);
    if (read.hasAnchors) throw new NeedsWholeText();
    return read;
  } catch (error) {
    throw error instanceof NotYaml ? new NeedsWholeText() : error;
  }
}

/** What stands around the items, checked. */
export function checkEnvelope(documents: readonly unknown[]): Record<string, unknown> {
  const [root] = documents;
  const must = 'the input must be a ResourceList of config.kubernetes.io/v1';
  if (documents.length > 1) throw new BadInput(`${must}, found ${documents.length} documents`);
  if (root === undefined || root === null) throw new BadInput(`${must}, found nothing`);
  if (!isMap(root)) throw new BadInput(`${must}, found ${short(root)}`);
  if (root.kind !== 'ResourceList' || !String(root.apiVersion).startsWith('config.kubernetes.io/')) {
    throw new BadInput(`${must}, found \`kind\` ${short(root.kind)} of \`apiVersion\` ${short(root.apiVersion)}`);
  }
  return root;
}

const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

/** The results that the list does not hold yet: a second run over the first one's output adds none. */
export function newResults(held: unknown, results: readonly Json[]): Json[] {
  const present: unknown[] = Array.isArray(held) ? held : [];
  return results.filter((result) => !present.some((other) => equal(other, result)));
}

export function byItem(edits: readonly ItemEdit[]): [number, ItemEdit[]][] {
  const groups = new Map<number, ItemEdit[]>();
  for (const edit of edits) groups.set(edit.item, [...(groups.get(edit.item) ?? []), edit]);
  return [...groups].sort(([a], [b]) => a - b);
}
