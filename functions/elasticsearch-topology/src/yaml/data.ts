import { YAMLException } from 'js-yaml';
import { isMap } from './json.ts';
import type { Node, Pair } from './nodes.ts';

/**
 * What a scalar stands for. Plain ones are taken as go-yaml takes them, between YAML 1.1 and 1.2: `010` is eight and
 * `3e9` a number, while `yes`, `1:30` and dates are strings. A tag of somebody else's changes nothing.
 */
export function scalarData(value: string, isPlain: boolean, tag: string | undefined): unknown {
  const resolves = tag === undefined ? isPlain : /^(?:!!|!<tag:yaml\.org,2002:)(?:null|bool|int|float)>?$/.test(tag);
  return resolves ? plain(value) : value;
}

/** What a map stands for, with what is merged into it. */
export function mapData(text: string, pairs: readonly Pair[]): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  let merged: Record<string, unknown>[] | undefined;
  for (const { key, value } of pairs) {
    if (isMerge(key)) {
      merged = [...(merged ?? []), ...sources(text, key, value.data)];
      continue;
    }
    const name = key.kind === 'scalar' ? key.value : text.slice(key.start, key.end);
    if (Object.hasOwn(map, name)) YAMLException.throwAt(text, key.start, `duplicated mapping key "${name}"`);
    // An assignment would set the prototype instead.
    if (name === '__proto__')
      Object.defineProperty(map, name, { value: value.data, enumerable: true, configurable: true });
    else map[name] = value.data;
  }
  // What is written out goes before what is merged, and an earlier source before a later one.
  // oxlint-disable-next-line oxc/no-accumulating-spread -- few sources, and an assignment would set the prototype
  return merged === undefined ? map : [map, ...merged].reduceRight((all, source) => ({ ...all, ...source }), {});
}

function sources(text: string, key: Node, data: unknown): Record<string, unknown>[] {
  const all: unknown[] = Array.isArray(data) ? data : [data];
  return all.map((source) =>
    isMap(source) ? source : YAMLException.throwAt(text, key.start, 'only a map can be merged into a map'),
  );
}

const isMerge = (key: Node): boolean => key.kind === 'scalar' && key.style === 'plain' && key.value === '<<';

const WORDS: ReadonlyMap<string, unknown> = new Map(
  [
    [null, '', '~', 'null', 'Null', 'NULL'],
    [true, 'true', 'True', 'TRUE'],
    [false, 'false', 'False', 'FALSE'],
    [NaN, '.nan', '.NaN', '.NAN'],
    [Infinity, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'],
    [-Infinity, '-.inf', '-.Inf', '-.INF'],
  ].flatMap(([value, ...words]) => words.map((word) => [String(word), value])),
);

function plain(text: string): unknown {
  if (WORDS.has(text)) return WORDS.get(text);
  // What no number begins with, most values do.
  if (!'-+.0123456789'.includes(text.charAt(0))) return text;
  const integer = /^([-+]?)(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|0|[1-9][\d_]*)$/.exec(text);
  if (integer !== null) {
    const digits = (integer[2] ?? '').replace(/_/g, '').replace(/^0[oO]?(?=[0-7])/, '0o');
    return integer[1] === '-' ? -Number(digits) : Number(digits);
  }
  return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}
