// The keys of a file of settings, nested ones with dots between, as Elasticsearch reads them: "a: {b: 1}" and "a.b: 1"
// are one setting, and of two values for it in these two forms 9.5.3 takes the last without a word. It understands what
// files of settings are made of, and says of anything else that it does not, so that no key is made up and none is
// overlooked in silence. Values are Elasticsearch's affair.

export interface Key {
  /** The whole name, with dots. */
  readonly path: string;
  /** As it is written in its mapping. */
  readonly written: string;
  /** The line of the mapping that it is in; 0 for the file's own. */
  readonly mapping: number;
  readonly line: number;
  /** The text of a value on the key's line; undefined for a mapping. */
  readonly value: string | undefined;
}

export class NotUnderstood extends Error {
  readonly line: number;
  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

// Plain or quoted, then a colon that ends it. What begins otherwise (anchors, tags, "? ", "<<") is none of ours.
const KEY = /^(?:([A-Za-z0-9_$][^\s:#'"{}[\],&*!|>]*)|"([^"\\]+)"|'([^']+)')[ ]*:(?:[ ]+(.*))?$/;
const ITEM = /^-(?: |$)/;

interface Mapping {
  readonly indent: number;
  readonly prefix: string;
  readonly line: number;
}

/** All keys in the order of the file. Throws NotUnderstood. */
export const yamlKeys = (text: string): readonly Key[] => {
  const lines = text.replace(/\r/g, '').split('\n');
  const keys: Key[] = [];
  const mappings: Mapping[] = [];
  /** Lines that are deeper belong to the value of the last key. */
  let opaque = Number.POSITIVE_INFINITY;
  /** The last key had no value on its line: a mapping, a list, or nothing, as the next line says. */
  let open: (Mapping & { readonly at: number }) | undefined;

  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const content = line.trim();
    const indent = line.length - line.trimStart().length;
    if (content === '' || content.startsWith('#')) continue;
    if (content === '---' && keys.length === 0) continue;
    if (indent > opaque) continue;
    if (open !== undefined && ITEM.test(content) && indent >= open.indent) {
      opaque = open.indent;
      continue;
    }
    opaque = Number.POSITIVE_INFINITY;
    if (line.slice(0, indent).includes('\t')) throw new NotUnderstood(i + 1, 'a tab before a key');
    if (open !== undefined && indent > open.indent) {
      mappings.push({ indent, prefix: open.prefix, line: open.line });
      keys[open.at] = { ...keyAt(keys, open.at), value: undefined };
    }
    open = undefined;
    while (indent < (mappings.at(-1)?.indent ?? indent)) mappings.pop();
    if (mappings.length === 0) mappings.push({ indent, prefix: '', line: 0 });
    const within = mappings.at(-1);
    if (within === undefined || within.indent !== indent) throw new NotUnderstood(i + 1, 'the depth of this line');

    const [, plain, double, single, rest = ''] = KEY.exec(content) ?? [];
    const written = plain ?? double ?? single;
    if (written === undefined) throw new NotUnderstood(i + 1, 'no key with a value');
    const path = within.prefix + written;
    const first = i + 1;
    let value = withoutComment(rest);
    while (/^[[{]/.test(value) && !isClosed(value) && i + 1 < lines.length) {
      i += 1;
      value += ` ${withoutComment((lines[i] ?? '').trim())}`;
    }
    keys.push({ path, written, mapping: within.line, line: first, value });
    if (value === '') open = { indent, prefix: `${path}.`, line: first, at: keys.length - 1 };
    else if (value.startsWith('{')) {
      keys[keys.length - 1] = { ...keyAt(keys, keys.length - 1), value: undefined };
      keys.push(...flowMapping(value, `${path}.`, first));
    } else opaque = opaqueBelow(value, indent, first);
  }
  return keys;
};

const keyAt = (keys: readonly Key[], at: number): Key => {
  const key = keys[at];
  if (key === undefined) throw new RangeError('no such key');
  return key;
};

const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g;

const withoutComment = (rest: string): string => {
  const [quoted] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?=\s*$|\s+#)/.exec(rest) ?? [];
  return quoted ?? (rest.startsWith('#') ? '' : rest.replace(/\s+#.*$/, '').trim());
};

/** Are all brackets and braces closed that it opens? */
const isClosed = (text: string): boolean => {
  const marks = text.replace(QUOTED, '');
  return (marks.match(/[[{]/g) ?? []).length <= (marks.match(/[\]}]/g) ?? []).length;
};

/** Lines that are deeper than this go on with the value, or are none of it. */
const opaqueBelow = (value: string, indent: number, line: number): number => {
  const first = value.charAt(0);
  if ('&*!%@`'.includes(first)) throw new NotUnderstood(line, `a value that begins with ${first}`);
  if (first === '[' && !(isClosed(value) && value.endsWith(']'))) throw new NotUnderstood(line, 'a list in brackets');
  if (`"'`.includes(first) && value.replace(QUOTED, '') !== '') throw new NotUnderstood(line, 'a text in quotes');
  return indent;
};

// One entry of "{a: 1, b: {c: 2}, d: [e]}": its key, and what its value begins with.
const ENTRY = /\s*(?:([A-Za-z0-9_$][^\s:#'"{}[\],&*!|>]*)|"([^"\\]+)"|'([^']+)')\s*:(?:\s+|(?=[{[]))/y;
const SCALAR = /(?:\[[^[\]{}"']*\]|"[^"\\]*"|'[^']*'|[^\s,{}[\]"'&*!|>][^,{}[\]]*)?\s*/y;

/** The keys of a mapping in braces. */
const flowMapping = (text: string, prefix: string, line: number): Key[] => {
  const keys: Key[] = [];
  let at = 0;
  const stop = (): never => {
    throw new NotUnderstood(line, 'a mapping in braces');
  };
  const match = (pattern: RegExp): RegExpExecArray => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? stop();
    at = pattern.lastIndex;
    return found;
  };
  const braces = (inner: string, mapping: number): void => {
    at += 1; // {
    if (/^\s*\}/.test(text.slice(at))) at = text.indexOf('}', at);
    else
      for (;;) {
        const [, plain, double, single] = match(ENTRY);
        const written = plain ?? double ?? single ?? stop();
        const key = { path: inner + written, written, mapping, line };
        if (text[at] === '{') {
          keys.push({ ...key, value: undefined });
          // Braces have no line of their own: a number below 0 tells them apart.
          braces(`${key.path}.`, -at - line * 100_000);
        } else keys.push({ ...key, value: match(SCALAR)[0].trim() });
        if (text[at] !== ',') break;
        at += 1;
      }
    match(/\s*\}\s*/y);
  };
  braces(prefix, line);
  if (at !== text.length) stop();
  return keys;
};
