import type { Json } from './json.ts';
import type { ListNode, MapNode, Node, Pair } from './nodes.ts';
import { blockItem, blockList, blockMap, blockValue, flowValue, isText, literal, scalarText } from './render.ts';
import type { Replacement } from './replacement.ts';
import type { Style } from './style.ts';
import { columnOf, lineEnd } from './text.ts';

/** Puts a value behind a key that has one already, or none yet. */
export function setPair(text: string, map: MapNode, pair: Pair, value: Json, style: Style): Replacement {
  const { key, colon, value: old } = pair;
  const scalar = replaceScalar(text, old, value, style, map.flow);
  if (scalar !== undefined) return scalar;
  if (map.flow) return { start: colon, end: old.end, text: ` ${flowValue(value, style)}` };
  const column = columnOf(text, key.start);
  const rendered = blockValue(value, column, style);
  const isEmpty = old.end === colon;
  const comment = /^[ \t]+#.*/.exec(text.slice(old.end, lineEnd(text, old.end)))?.[0];
  if (typeof value === 'string' && isText(value) && comment !== undefined) {
    const block = literal(value, column + style.map, style.eol, '|', comment);
    return { start: colon, end: lineEnd(text, old.end), text: ` ${block}` };
  }
  // Nothing stands there yet: a comment behind the key stays on the key's line.
  if (isEmpty && rendered.startsWith(style.eol))
    return { start: lineEnd(text, colon), end: lineEnd(text, colon), text: rendered };
  if (old.kind !== 'scalar' && Array.isArray(value) === (old.kind === 'list') && typeof value === 'object') {
    return replaceCollection(text, old, value, style);
  }
  return { start: colon, end: old.end, text: rendered };
}

export function setItem(text: string, list: ListNode, old: Node, value: Json, style: Style): Replacement {
  const scalar = replaceScalar(text, old, value, style, list.flow);
  if (scalar !== undefined) return scalar;
  if (list.flow) return { start: old.start, end: old.end, text: flowValue(value, style) };
  const mark = list.items.find(({ node }) => node === old)?.mark ?? old.start;
  return { start: mark + 1, end: old.end, text: blockItem(value, columnOf(text, mark), style) };
}

function replaceCollection(text: string, old: Node, value: Json, style: Style): Replacement {
  const column = columnOf(text, old.body);
  const flow = (old.kind === 'map' || old.kind === 'list') && old.flow;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const rendered =
    flow || isEmpty || typeof value !== 'object' || value === null
      ? flowValue(value, style)
      : Array.isArray(value)
        ? blockList(value, column, style)
        : blockMap(value, column, style);
  return { start: old.body, end: old.end, text: rendered };
}

/** A scalar in place of a scalar keeps its quotes, or its block's indentation and header comment. */
function replaceScalar(text: string, old: Node, value: Json, style: Style, inFlow: boolean): Replacement | undefined {
  if (old.kind !== 'scalar' || typeof value === 'object' || old.end === old.body) return undefined;
  const isBlock = old.style === 'literal' || old.style === 'folded';
  if (typeof value === 'string' && isText(value) && !inFlow) {
    if (isBlock && old.indent > 0) {
      const comment = /[ \t]+#.*$/.exec(text.slice(old.body, lineEnd(text, old.body)))?.[0] ?? '';
      return { start: old.body, end: old.end, text: literal(value, old.indent, style.eol, '|', comment) };
    }
    if (old.style !== 'double' || !old.value.includes('\n')) return undefined;
  }
  if (isBlock) return undefined;
  const quotes = old.style === 'plain' ? undefined : old.style;
  const rendered = scalarText(value, quotes ?? (style.json && inFlow ? 'double' : undefined), inFlow);
  return { start: old.body, end: old.end, text: rendered };
}
