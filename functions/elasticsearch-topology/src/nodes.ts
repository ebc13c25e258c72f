import {
  CHOMPING_MODE,
  COLLECTION_STYLE,
  EVENT_ID,
  getScalarValue,
  SCALAR_STYLE,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';

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

const STYLE = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

/** The root nodes of the documents of a text, from the parser's flat list of events. */
export function nodesOf(text: string, events: readonly Event[]): Node[] {
  let next = 0;

  function node(from: number): Node {
    const event = events[next++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return scalar(text, event, from);
      case EVENT_ID.ALIAS:
        return {
          ...named(text, event),
          kind: 'alias',
          start: event.anchorStart - 1,
          body: event.anchorStart - 1,
          end: event.anchorEnd,
        };
      case EVENT_ID.MAPPING:
        return map(event, event.style === COLLECTION_STYLE.FLOW);
      case EVENT_ID.SEQUENCE:
        return list(event, event.style === COLLECTION_STYLE.FLOW);
      default:
        throw new Error('the parser gave no node where one must be');
    }
  }

  function map(event: MappingEvent, flow: boolean): MapNode {
    const body = event.start;
    const braced = flow && text[body] === '{';
    const pairs: Pair[] = [];
    let end = braced ? body + 1 : body;
    while (events[next]?.type !== EVENT_ID.POP) {
      const key = node(end);
      const colon = skip(text, key.end, '');
      const value = node(text[colon] === ':' ? colon + 1 : key.end);
      pairs.push({ key, colon: text[colon] === ':' ? colon + 1 : key.end, value });
      end = value.end;
    }
    next++;
    return {
      ...named(text, event),
      kind: 'map',
      start: startOf(event, body),
      body,
      end: braced ? skip(text, end, ',?:') + 1 : end,
      flow,
      pairs,
    };
  }

  function list(event: SequenceEvent, flow: boolean): ListNode {
    const body = event.start;
    const items: ListNode['items'][number][] = [];
    let end = flow ? body + 1 : body;
    while (events[next]?.type !== EVENT_ID.POP) {
      const mark = skip(text, end, flow ? ',' : '');
      const item = node(flow ? mark : mark + 1);
      items.push({ mark, node: item });
      end = item.end;
    }
    next++;
    return {
      ...named(text, event),
      kind: 'list',
      start: startOf(event, body),
      body,
      end: flow ? skip(text, end, ',') + 1 : end,
      flow,
      items,
    };
  }

  const roots: Node[] = [];
  while (next < events.length) {
    next++; // the document's event
    roots.push(node(0));
    next++; // its end
  }
  return roots;
}

interface Properties {
  anchorStart: number;
  anchorEnd: number;
  tagStart?: number;
  tagEnd?: number;
}

function named(
  text: string,
  { anchorStart, anchorEnd, tagStart = -1, tagEnd }: Properties,
): Pick<Span, 'anchor' | 'tag'> {
  return {
    ...(anchorStart < 0 ? {} : { anchor: text.slice(anchorStart, anchorEnd) }),
    ...(tagStart < 0 ? {} : { tag: text.slice(tagStart, tagEnd) }),
  };
}

function startOf({ anchorStart, tagStart = -1 }: Properties, body: number): number {
  const start = anchorStart > 0 && anchorStart <= body ? anchorStart - 1 : body;
  return tagStart >= 0 && tagStart < start ? tagStart : start;
}

function scalar(text: string, event: ScalarEvent, from: number): ScalarNode {
  const behind = Math.max(event.anchorEnd, event.tagEnd, from);
  const style = STYLE[event.style];
  let body = event.valueStart;
  let end = event.valueEnd;
  if (body < 0) body = end = behind;
  else if (style === 'single' || style === 'double') {
    body--;
    end++;
  } else if (style !== 'plain') {
    body = skip(text, behind, '');
    end = Math.max(lineEnd(text, body), blockEnd(text, event));
  }
  const node: ScalarNode = {
    kind: 'scalar',
    value: getScalarValue(text, event),
    style,
    indent: event.indent,
    start: startOf(event, body),
    body,
    end,
  };
  return event.anchorStart < 0 && event.tagStart < 0 ? node : { ...node, ...named(text, event) };
}

/** The end of a block scalar's last line; empty lines behind it belong to it only where they count (`|+`). */
function blockEnd(text: string, { valueStart, valueEnd, indent, chomping }: ScalarEvent): number {
  const keeps = chomping === CHOMPING_MODE.KEEP;
  for (let end = valueEnd; end > valueStart;) {
    const start = end - (text[end - 1] !== '\n' ? 0 : text[end - 2] === '\r' ? 2 : 1);
    const line = text.slice(lineStart(text, start), start);
    if (start === end || keeps || line.trim() !== '' || line.length > indent) return start;
    end = start - line.length;
  }
  return valueStart - 1;
}

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** The end of the line's content: before its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** A byte order mark at the start of the text takes no column. */
export function columnOf(text: string, at: number): number {
  const start = lineStart(text, at);
  return at - start - (start === 0 && at > 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0);
}

const [TAB, LINE_FEED, RETURN, SPACE, HASH, BYTE_ORDER_MARK] = [9, 10, 13, 32, 35, 0xfeff];

const isBlank = (code: number): boolean =>
  code === SPACE || code === LINE_FEED || code === RETURN || code === TAB || code === BYTE_ORDER_MARK;

/** The next place that is neither white space nor comment nor one of the given signs. */
export function skip(text: string, from: number, signs: string): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || (signs !== '' && signs.includes(text.charAt(at)))) at++;
    else if (code === HASH && (at === 0 || isBlank(text.charCodeAt(at - 1)))) at = lineEnd(text, at);
    else break;
  }
  return at;
}
