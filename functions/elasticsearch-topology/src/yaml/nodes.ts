/**
 * A node of the text: what it is and where it stands. `start` is its first character (a property, a quote, the first
 * key, the first dash), `end` the place after its last one; a trailing line break or comment is never part of it.
 */
export type Node = ScalarNode | MapNode | ListNode | AliasNode;

interface Span {
  readonly start: number;
  /** Where the node itself begins, behind its anchor and tag. */
  readonly body: number;
  readonly end: number;
  /** The name behind `&`, of an alias the one behind `*`. */
  readonly anchor?: string;
  /** The tag as it is written. */
  readonly tag?: string;
  /** What the node stands for. */
  readonly data: unknown;
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  readonly value: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The indentation of a block scalar's lines. */
  readonly indent: number;
}

export interface AliasNode extends Span {
  readonly kind: 'alias';
}

export interface MapNode extends Span {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly pairs: readonly Pair[];
}

export interface Pair {
  readonly key: Node;
  /** The place after the colon. */
  readonly colon: number;
  readonly value: Node;
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly flow: boolean;
  /** `mark` is where the dash stands, or the item itself in flow style. */
  readonly items: readonly { readonly mark: number; readonly node: Node }[];
}

export const scalarNode = (
  value: string,
  style: ScalarNode['style'],
  indent: number,
  body: number,
  end: number,
  data: unknown,
): ScalarNode => ({ kind: 'scalar', value, style, indent, start: body, body, end, data });

export const mapNode = (body: number, end: number, flow: boolean, pairs: MapNode['pairs'], data: unknown): MapNode => ({
  kind: 'map',
  start: body,
  body,
  end,
  flow,
  pairs,
  data,
});

export const listNode = (
  body: number,
  end: number,
  flow: boolean,
  items: ListNode['items'],
  data: readonly unknown[],
): ListNode => ({ kind: 'list', start: body, body, end, flow, items, data });
