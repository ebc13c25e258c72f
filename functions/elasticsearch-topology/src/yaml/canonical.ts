import { mapData, scalarData } from './data.ts';
import {
  type ListNode,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  type Pair,
  type ScalarNode,
  scalarNode,
} from './nodes.ts';

const KEY = String.raw`([\w./][\w./-]*):(?: |(?![^\n]))`;
const QUOTED = String.raw`"[ !#-[\]-~]*"|'[ -&(-~]*'`;
const PLAIN = String.raw`(?:[\w./$(]|-(?=[\w./-]))(?:[!-9;-~]|:(?=[!-~])| +(?=[!"$-~]))*`;
// What a line holds: a key, which may be missing behind a dash; a value (a block's indicator, in quotes without escapes,
// empty, or plain), which may stand on the next lines; and the white space that the next line begins with.
const LINE = new RegExp(String.raw`(?:${KEY})?((\|-?)|${QUOTED}|\{\}|\[\]|${PLAIN})?(?:\n( *)|(?![^]))`, 'y');
// The lines of a block: none is empty or ends in white space.
const LINES = /^(?:[ -~]*[!-~](?:\n|(?![^])))+$/;

/**
 * Reads the form in which kustomize, kubectl and kpt write YAML: in block style, a key or an item a line, without
 * anchors, tags and comments, in ASCII. Nearly every list comes so, and the parser, which has to expect all of YAML at
 * each character, takes far longer for it. `undefined`: something is in another form; the parser reads it then.
 * What is read here is just what the parser gives; tests hold the two to that.
 */
export function canonicalNode(text: string): Node | undefined {
  // Where the content of the present line begins, and its column: none behind the last line.
  let at = 0;
  let column = 0;

  const goTo = (place: number, indent: number): void => {
    at = place;
    column = place < text.length ? indent : -1;
  };
  const goBehind = (line: RegExpExecArray): void => goTo(LINE.lastIndex, line[4]?.length ?? 0);

  const atDash = (): boolean => text.startsWith('- ', at);

  function lineHere(): RegExpExecArray | null {
    LINE.lastIndex = at;
    return LINE.exec(text);
  }

  function node(): Node | undefined {
    // Where it is deep, the parser may refuse it.
    if (column > 40) return undefined;
    if (atDash()) return list();
    const line = lineHere();
    if (line?.[1] !== undefined) return map(line);
    return line?.[2] === undefined ? undefined : value(line, line[2], at, column - 2);
  }

  function map(first: RegExpExecArray): MapNode | undefined {
    const start = at;
    const indent = column;
    const pairs: Pair[] = [];
    let end = start;
    for (let line: RegExpExecArray | null = first; ; line = lineHere()) {
      const name = line?.[1];
      if (line === null || name === undefined) return undefined;
      const colon = at + name.length + 1;
      const key = plain(name, at, colon - 1);
      const found = line[2] === undefined ? below(line, indent, colon) : value(line, line[2], colon + 1, indent);
      if (found === undefined) return undefined;
      pairs.push({ key, colon, value: found });
      end = found.end;
      if (column !== indent || atDash()) break;
    }
    return mapNode(start, end, false, pairs, mapData(text, pairs));
  }

  /** What stands on the lines below a key. */
  function below(line: RegExpExecArray, indent: number, colon: number): Node | undefined {
    goBehind(line);
    if (column < indent || (column === indent && !atDash())) return plain('', colon, colon);
    const found = node();
    return found?.kind === 'scalar' ? undefined : found;
  }

  function list(): ListNode | undefined {
    const start = at;
    const indent = column;
    const items: ListNode['items'][number][] = [];
    const data: unknown[] = [];
    let end = start;
    do {
      const mark = at;
      goTo(at + 2, column + 2);
      const item = node();
      if (item === undefined) return undefined;
      items.push({ mark, node: item });
      data.push(item.data);
      end = item.end;
    } while (column === indent && atDash());
    return listNode(start, end, false, items, data);
  }

  /** A value on the line of its key or dash, or a block that begins there. */
  function value(line: RegExpExecArray, written: string, start: number, above: number): Node | undefined {
    goBehind(line);
    if (line[3] !== undefined) return column > Math.max(above, -1) ? literal(start, written) : undefined;
    const end = start + written.length;
    const sign = written.charAt(0);
    if (sign === '{') return mapNode(start, end, true, [], {});
    if (sign === '[') return listNode(start, end, true, [], []);
    if (sign !== '"' && sign !== "'") return plain(written, start, end);
    const inside = written.slice(1, -1);
    return scalarNode(inside, sign === '"' ? 'double' : 'single', -1, start, end, inside);
  }

  function literal(start: number, indicator: string): ScalarNode | undefined {
    const begin = at;
    const indent = column;
    const margin = `\n${' '.repeat(indent)}`;
    let end = begin;
    do {
      end = text.indexOf('\n', end + 1);
    } while (end >= 0 && text.startsWith(margin, end));
    if (end < 0) end = text.length;
    const width = spaces(end + 1);
    goTo(end + 1 + width, width);
    const lines = text.slice(begin, end);
    if (!LINES.test(lines)) return undefined;
    const inside = lines.replaceAll(margin, '\n') + (indicator === '|' ? '\n' : '');
    return scalarNode(inside, 'literal', indent, start, end, inside);
  }

  const spaces = (from: number): number => {
    let place = from;
    while (text[place] === ' ') place++;
    return place - from;
  };

  at = column = spaces(0);
  const root = node();
  return column < 0 && root?.kind !== 'scalar' ? root : undefined;
}

const plain = (value: string, start: number, end: number): ScalarNode =>
  scalarNode(value, 'plain', -1, start, end, scalarData(value, true, undefined));
