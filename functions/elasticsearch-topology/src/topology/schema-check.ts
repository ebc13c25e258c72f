import type { Path } from '../yaml/edit.ts';
import { equal, isMap, type Json } from '../yaml/json.ts';

/** The part of JSON Schema that the schema of the functionConfig uses. */
export interface Schema {
  readonly title?: string;
  readonly type?: string;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: Json;
}

/** What is wrong at a path: what must be there, in words, and what was found. */
export interface Problem {
  readonly path: Path;
  readonly must: string;
  readonly found: unknown;
}

export function check(schema: Schema, value: unknown, path: Path = []): Problem[] {
  const problem = (must: string): Problem[] => [{ path, must, found: value }];
  if (schema.const !== undefined && !equal(value, schema.const)) return problem(`be ${String(schema.const)}`);
  if (schema.type !== undefined && typeOf(value) !== schema.type) return problem(`be ${schema.title}`);
  if (schema.enum !== undefined && !schema.enum.includes(value as Json)) return problem(`be ${schema.title}`);
  if (typeof value === 'string' && !isFit(schema, value)) return problem(`be ${schema.title}`);
  if (Array.isArray(value)) return checkList(schema, value, path);
  return isMap(value) ? checkMap(schema, value, path) : [];
}

function checkList(schema: Schema, list: readonly unknown[], path: Path): Problem[] {
  const { items, minItems = 0, uniqueItems = false } = schema;
  if (list.length < minItems) return [{ path, must: `hold at least ${minItems} item`, found: list }];
  const twice = uniqueItems
    ? list.flatMap((item, i) => (list.findIndex((other) => equal(other, item)) < i ? [i] : []))
    : [];
  return [
    ...twice.map((i) => ({ path: [...path, i], must: 'appear once', found: list[i] })),
    ...list.flatMap((item, i) => (items === undefined ? [] : check(items, item, [...path, i]))),
  ];
}

function checkMap(schema: Schema, map: Record<string, unknown>, path: Path): Problem[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const known = Object.keys(properties);
  return [
    ...required
      .filter((key) => !Object.hasOwn(map, key))
      .map((key) => ({ path: [...path, key], must: 'be given', found: undefined })),
    ...Object.entries(map).flatMap(([key, value]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property !== undefined) return check(property, value, [...path, key]);
      return additionalProperties ? [] : [unknown([...path, key], key, value, known)];
    }),
  ];
}

function unknown(path: Path, key: string, found: unknown, known: readonly string[]): Problem {
  const near = nearest(key, known);
  const must =
    near === undefined ? `be one of the fields ${known.join(', ')}` : `be a field that exists, probably \`${near}\``;
  return { path, must, found };
}

const isFit = ({ pattern, maxLength = Infinity }: Schema, value: string): boolean =>
  // oxlint-disable-next-line typescript/no-misused-spread -- JSON Schema counts code points
  [...value].length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(value));

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The known word that a misspelt one most likely stands for. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}

/** How many letters must be added, taken away or changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [above = 0, before = 0, diagonal = 0] = [row[j], next[j - 1], row[j - 1]];
      next.push(Math.min(above + 1, before + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
