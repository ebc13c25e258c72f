import type { Json } from './json.ts';
import type { ListNode, MapNode, Node } from './nodes.ts';
import { blockItem, blockMap, flowPair, flowValue } from './render.ts';
import type { Replacement } from './replacement.ts';
import { quotesLike, type Style } from './style.ts';
import { columnOf, lineEnd } from './text.ts';

/** Adds a key behind the last one of a map. */
export function addPair(text: string, map: MapNode, key: string, value: Json, style: Style): Replacement | undefined {
  if (map.flow) {
    const spans = map.pairs.map((pair) => [pair.key.start, pair.value.end] as const);
    return addToFlow(text, map, flowPair(key, value, style), spans);
  }
  const first = map.pairs[0];
  const last = map.pairs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const column = columnOf(text, first.key.start);
  const line = blockMap({ [key]: value }, column, style);
  // A block scalar at the very end of a text may lack a line break, and adding one would change its value.
  if (endsInBlock(last.value) && lineEnd(text, last.value.end) === text.length) {
    return { start: first.key.start, end: first.key.start, text: line + style.eol + ' '.repeat(column) };
  }
  return addLine(text, last.value.end, column, line, style);
}

/** Adds an item behind the last one of a list. */
export function addItem(text: string, list: ListNode, value: Json, style: Style): Replacement | undefined {
  if (list.flow) {
    const spans = list.items.map(({ node }) => [node.start, node.end] as const);
    return addToFlow(text, list, flowValue(value, style), spans);
  }
  const first = list.items[0];
  const last = list.items.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const column = columnOf(text, first.mark);
  const line = `-${blockItem(value, column, style, quotesLike(list))}`;
  return addLine(text, last.node.end, column, line, style);
}

function addLine(text: string, end: number, column: number, line: string, style: Style): Replacement {
  const at = lineEnd(text, end);
  return { start: at, end: at, text: style.eol + ' '.repeat(column) + line };
}

function endsInBlock(node: Node): boolean {
  if (node.kind === 'scalar') return node.style === 'literal' || node.style === 'folded';
  const last =
    node.kind === 'map' ? node.pairs.at(-1)?.value : node.kind === 'list' ? node.items.at(-1)?.node : undefined;
  return last !== undefined && endsInBlock(last);
}

/** An entry behind the last one, with the white space that stands before that one. */
function addToFlow(
  text: string,
  node: MapNode | ListNode,
  entry: string,
  spans: readonly (readonly [number, number])[],
): Replacement {
  const [, end] = spans.at(-1) ?? [];
  if (end === undefined) return { start: node.body + 1, end: node.body + 1, text: entry };
  const before = spans.at(-2)?.[1];
  const [start = 0] = spans.at(-1) ?? [];
  const gap = text.slice(before ?? node.body + 1, start);
  const space = /^(?:,?)(\s*)$/.exec(gap)?.[1] ?? ' ';
  return { start: end, end, text: `,${before === undefined && space === '' ? ' ' : space}${entry}` };
}
