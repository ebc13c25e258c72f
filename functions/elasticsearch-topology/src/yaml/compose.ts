import {
  type AliasEvent,
  CHOMPING_MODE,
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml';
import { mapData, scalarData } from './data.ts';
import {
  type AliasNode,
  type ListNode,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  type Pair,
  type ScalarNode,
  scalarNode,
} from './nodes.ts';
import { lineEnd, lineStart, skip } from './text.ts';

const STYLE = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

export interface Nodes {
  /** The root nodes of the documents of a text. */
  readonly roots: readonly Node[];
  readonly hasAnchors: boolean;
}

/** The nodes of a text, from the parser's flat list of events. */
export function nodesOf(text: string, events: readonly Event[]): Nodes {
  let next = 0;
  let hasAnchors = false;
  let anchored = new Map<string, unknown>();

  function node(from: number): Node {
    const event = events[next++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return named(event, scalar(text, event, from));
      case EVENT_ID.ALIAS:
        return alias(event);
      case EVENT_ID.MAPPING:
        return named(event, map(event.start, event.style === COLLECTION_STYLE.FLOW));
      case EVENT_ID.SEQUENCE:
        return named(event, list(event.start, event.style === COLLECTION_STYLE.FLOW));
      default:
        throw new Error('the parser gave no node where one must be');
    }
  }

  function named<T extends Node>({ anchorStart, anchorEnd, tagStart, tagEnd }: Properties, bare: T): T {
    if (anchorStart < 0 && tagStart < 0) return bare;
    const starts = [anchorStart - 1, tagStart].filter((start) => start >= 0);
    const found = { ...bare, start: Math.min(...starts, bare.body) };
    const withTag = tagStart < 0 ? found : { ...found, tag: text.slice(tagStart, tagEnd) };
    const tagged = withTag.kind === 'scalar' ? { ...withTag, data: dataOf(withTag) } : withTag;
    if (anchorStart < 0) return tagged;
    hasAnchors = true;
    const anchor = text.slice(anchorStart, anchorEnd);
    anchored.set(anchor, tagged.data);
    return { ...tagged, anchor };
  }

  function alias({ anchorStart, anchorEnd }: AliasEvent): AliasNode {
    hasAnchors = true;
    const start = anchorStart - 1;
    const anchor = text.slice(anchorStart, anchorEnd);
    if (!anchored.has(anchor)) YAMLException.throwAt(text, start, `unidentified alias "${anchor}"`);
    return { kind: 'alias', start, body: start, end: anchorEnd, anchor, data: anchored.get(anchor) };
  }

  function map(body: number, flow: boolean): MapNode {
    const braced = flow && text[body] === '{';
    const pairs: Pair[] = [];
    let end = braced ? body + 1 : body;
    while (events[next]?.type !== EVENT_ID.POP) {
      const key = node(end);
      const at = skip(text, key.end, '');
      const colon = text[at] === ':' ? at + 1 : key.end;
      const value = node(colon);
      pairs.push({ key, colon, value });
      end = value.end;
    }
    next++;
    if (braced) end = skip(text, end, ',?:') + 1;
    return mapNode(body, end, flow, pairs, mapData(text, pairs));
  }

  function list(body: number, flow: boolean): ListNode {
    const items: ListNode['items'][number][] = [];
    const data: unknown[] = [];
    let end = flow ? body + 1 : body;
    while (events[next]?.type !== EVENT_ID.POP) {
      const mark = skip(text, end, flow ? ',' : '');
      const item = node(flow ? mark : mark + 1);
      items.push({ mark, node: item });
      data.push(item.data);
      end = item.end;
    }
    next++;
    return listNode(body, flow ? skip(text, end, ',') + 1 : end, flow, items, data);
  }

  const roots: Node[] = [];
  while (next < events.length) {
    anchored = new Map();
    next++; // the document's event
    roots.push(node(0));
    next++; // its end
  }
  return { roots, hasAnchors };
}

interface Properties {
  readonly anchorStart: number;
  readonly anchorEnd: number;
  readonly tagStart: number;
  readonly tagEnd: number;
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
  const value = getScalarValue(text, event);
  const data = style === 'plain' ? scalarData(value, true, undefined) : value;
  return scalarNode(value, style, event.indent, body, end, data);
}

const dataOf = ({ value, style, tag }: ScalarNode): unknown => scalarData(value, style === 'plain', tag);

/** The end of a block scalar's last line; empty lines behind it belong to it only where they count (`|+`). */
function blockEnd(text: string, { valueStart, valueEnd, indent, chomping }: ScalarEvent): number {
  const keeps = chomping === CHOMPING_MODE.KEEP;
  for (let end = valueEnd; end > valueStart; ) {
    const start = end - (text[end - 1] !== '\n' ? 0 : text[end - 2] === '\r' ? 2 : 1);
    const line = text.slice(lineStart(text, start), start);
    if (start === end || keeps || line.trim() !== '' || line.length > indent) return start;
    end = start - line.length;
  }
  return valueStart - 1;
}
