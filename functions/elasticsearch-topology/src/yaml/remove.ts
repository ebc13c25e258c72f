import type { ListNode, MapNode } from './nodes.ts';
import type { Replacement } from './replacement.ts';
import { lineEnd, lineStart, skip } from './text.ts';

/** Takes a key and its value out of a map. */
export const removePair = (text: string, map: MapNode, at: number): Replacement =>
  remove(
    text,
    map,
    map.pairs.map(({ key, value }) => [key.start, value.end] as const),
    at,
  );

/** Takes an item out of a list. */
export const removeItem = (text: string, list: ListNode, at: number): Replacement =>
  remove(
    text,
    list,
    list.items.map(({ mark, node }) => [mark, node.end] as const),
    at,
  );

function remove(
  text: string,
  node: MapNode | ListNode,
  spans: readonly (readonly [number, number])[],
  at: number,
): Replacement {
  const [start, end] = spans[at] ?? [0, 0];
  const following = spans[at + 1];
  if (spans.length === 1) return empty(text, node);
  if (node.flow) {
    return following !== undefined
      ? { start, end: following[0], text: '' }
      : { start: spans[at - 1]?.[1] ?? start, end, text: '' };
  }
  const from = lineStart(text, start);
  if (text.slice(from, start).trim() !== '') {
    // The first key of a list's item shares its line with the dash: the next key moves up to it, unless a comment
    // stands between them. Then the dash keeps its line, alone or before the comment.
    const next = following?.[0] ?? end;
    if (skip(text, end, '') === next && !text.slice(end, next).includes('#')) return { start, end: next, text: '' };
    const isAlone = text.slice(end, lineEnd(text, end)).trim() === '';
    return {
      start: isAlone ? text.slice(0, start).trimEnd().length : start,
      end: isAlone ? lineEnd(text, end) : end,
      text: '',
    };
  }
  const stop = text.indexOf('\n', end);
  // The last line of a text without a final line break: the break before it goes instead.
  return stop < 0
    ? { start: lineEnd(text, from - 1), end: text.length, text: '' }
    : { start: from, end: stop + 1, text: '' };
}

/** The empty map or list that is left, on the line of its key where a block began below it. */
function empty(text: string, node: MapNode | ListNode): Replacement {
  const left = node.kind === 'map' ? '{}' : '[]';
  const above = text.slice(0, node.body).trimEnd().length;
  const isBelow = !node.flow && lineStart(text, above) < lineStart(text, node.body);
  if (!isBelow || text.slice(lineStart(text, above), above).includes('#'))
    return { start: node.body, end: node.end, text: left };
  return { start: above, end: node.end, text: ` ${left}` };
}
