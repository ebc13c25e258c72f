import { isMap, type Json, type JsonMap } from './json.ts';
import type { Style } from './style.ts';

type Quotes = 'single' | 'double' | undefined;

/** The value as it stands behind a key (or, with a dash, behind that) of the given column. */
export function blockValue(value: Json, column: number, style: Style, quotes?: Quotes): string {
  if (typeof value === 'string' && isText(value)) {
    return ` ${literal(value, column + style.map, style.eol)}`;
  }
  if (Array.isArray(value) && value.length > 0) {
    const at = column + style.list;
    return style.eol + ' '.repeat(at) + blockList(value, at, style);
  }
  if (isMap(value) && Object.keys(value).length > 0) {
    const at = column + style.map;
    return style.eol + ' '.repeat(at) + blockMap(value, at, style);
  }
  return ` ${flowValue(value, style, quotes, false)}`;
}

export function blockMap(
  map: JsonMap,
  column: number,
  style: Style,
  quotes: (key: string) => Quotes = () => undefined,
): string {
  return Object.entries(map)
    .map(([key, value]) => `${scalarText(key, undefined, false)}:${blockValue(value, column, style, quotes(key))}`)
    .join(style.eol + ' '.repeat(column));
}

export function blockList(list: readonly Json[], column: number, style: Style): string {
  return list.map((item) => `-${blockItem(item, column, style)}`).join(style.eol + ' '.repeat(column));
}

/** An item as it stands behind its dash. */
export function blockItem(item: Json, column: number, style: Style, quotes?: (key: string) => Quotes): string {
  if (Array.isArray(item) && item.length > 0) return ` ${blockList(item, column + 2, style)}`;
  if (isMap(item) && Object.keys(item).length > 0) {
    return ` ${blockMap(item, column + 2, style, quotes)}`;
  }
  return blockValue(item, column, style);
}

/** The value on one line. */
export function flowValue(value: Json, style: Style, quotes?: Quotes, inFlow = true): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowValue(item, style)).join(', ')}]`;
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => flowPair(key, item, style))
      .join(', ')}}`;
  }
  return scalarText(value, style.json && inFlow ? 'double' : quotes, inFlow);
}

export const flowPair = (key: string, value: Json, style: Style): string =>
  scalarText(key, style.json ? 'double' : undefined, true) + style.colon + flowValue(value, style);

/** A scalar on one line: plain where that is safe and no quotes are asked for. */
export function scalarText(value: null | boolean | number | string, quotes: Quotes, inFlow: boolean): string {
  if (typeof value !== 'string') return String(value);
  if (quotes === undefined && isPlain(value, inFlow)) return value;
  if (quotes === 'single' && /^[\x20-\x7E]*$/.test(value)) return `'${value.replace(/'/g, "''")}'`;
  return JSON.stringify(value).replace(
    /[\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// Words that a YAML reader, of version 1.1 or 1.2, takes for something else than a string.
const WORDS: ReadonlySet<string> = new Set(['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n']);
// What begins with a letter; or a size such as 1024m: with letters at its end, and no hexadecimal one, it is no number.
const PLAIN = /^(?:[A-Za-z_/][\w./:=+@,-]*(?: [\w./=+@-][\w./:=+@,-]*)*|[1-9]\d*[A-Za-z]+)$/;

const isPlain = (value: string, inFlow: boolean): boolean =>
  PLAIN.test(value) &&
  !WORDS.has(value.toLowerCase()) &&
  !value.includes(': ') &&
  !value.endsWith(':') &&
  !(inFlow && value.includes(','));

/** Lines that a literal block scalar gives back exactly, ending with one line break or none. */
export const isText = (value: string): boolean =>
  value.includes('\n') && /^[\x21-\x7E][\x20-\x7E]*(?:\n[\x21-\x7E][\x20-\x7E]*)*\n?$/.test(value);

/** The value as a literal block scalar, from its indicator to the end of its last line. */
export function literal(value: string, column: number, eol: string, indicator = '|', comment = ''): string {
  const lines = value.replace(/\n$/, '').split('\n');
  const chomping = value.endsWith('\n') ? '' : '-';
  return [`${indicator}${chomping}${comment}`, ...lines.map((line) => ' '.repeat(column) + line)].join(eol);
}
