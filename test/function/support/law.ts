// What must hold for every list, whatever it looks like: the law that the property tests and the fuzzer hold the
// function to.
import { isDeepStrictEqual } from 'node:util';
import { CORE_SCHEMA, defineScalarTag, load, mergeTag, NOT_RESOLVED } from 'js-yaml';
import type { ItemEdit } from '../../../functions/elasticsearch-topology/src/resource-list/list.ts';
import { resultData } from '../../../functions/elasticsearch-topology/src/resource-list/results.ts';
import { type Plan, plan } from '../../../functions/elasticsearch-topology/src/topology/plan.ts';
import { applyEdit } from '../../../functions/elasticsearch-topology/src/yaml/edit.ts';
import { type Called, call } from './call.ts';
import type { Generated } from './lists.ts';

/** What is broken, in words; nothing where all holds. */
export function broken(list: Generated, called: Called): string[] {
  const { text } = list;
  const { code, stdout, stderr } = called;
  const lines = stderr.split('\n').slice(0, -1);
  const hasError = lines.some((line) => line.startsWith('error: '));
  if (code !== (hasError ? 1 : 0)) return [`exit code ${code} with ${hasError ? 'an' : 'no'} error`];
  if (!lines.every((line) => /^(?:error|warning): \S/.test(line)))
    return [`standard error is ${JSON.stringify(stderr)}`];
  const after = read(stdout);
  if (after === undefined) return [`the output is empty or no YAML: ${JSON.stringify(stdout.slice(0, 200))}`];

  const before = read(text) ?? {};
  const objects = before.items ?? [];
  const { edits, results } = planFor(before);
  const refused = hasError && !results.some(({ severity }) => severity === 'error');
  if (refused && !/YAML anchor/.test(stderr)) return [`an error that was not planned: ${stderr}`];
  const made = hasError ? [] : edits;
  const problems: string[] = [];
  const wanted = edited(objects, made);
  if (!isDeepStrictEqual(after.items, wanted)) problems.push('the items are not the ones planned');
  const others = (whole: List): object => ({ ...whole, items: undefined, results: undefined });
  if (!isDeepStrictEqual(others(after), others(before)))
    problems.push('something beside items and results has changed');
  const held = before.results ?? [];
  if (!isDeepStrictEqual((after.results ?? []).slice(0, held.length), held)) problems.push('earlier results are lost');
  const added = (after.results ?? []).slice(held.length);
  if (!refused && !isDeepStrictEqual(added, results.map(resultData)))
    problems.push('the results are not the ones planned');
  problems.push(...lostBytes(list, stdout, made), ...strangeLineEnds(text, stdout));
  if (!isDeepStrictEqual(call(stdout), called)) problems.push('a second run changes the output of the first');
  return problems;
}

/** The plan for a list, read by js-yaml's own constructor instead of the function's. */
export function planned(text: string): Plan {
  return planFor(read(text) ?? {});
}

function planFor({ items = [], functionConfig }: List): Plan {
  return plan({ find: () => items.map((object, item) => ({ item, object })) }, functionConfig);
}

interface List {
  readonly items?: unknown[];
  readonly results?: unknown[];
  readonly functionConfig?: unknown;
}

// Integers as Kubernetes reads them; the rest of js-yaml's own reading, which the function does not use.
const octal = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  resolve: (source) => {
    if (/^0[0-7]+$/.test(source)) return Number.parseInt(source, 8);
    return /^[-+]?(?:0o[0-7]+|0x[\da-fA-F]+|\d+)$/.test(source) ? Number(source) : NOT_RESOLVED;
  },
  identify: () => false,
});
const schema = CORE_SCHEMA.withTags(mergeTag, octal);

function read(text: string): List | undefined {
  try {
    const list = load(text, { schema });
    return typeof list === 'object' && list !== null ? list : undefined;
  } catch {
    return undefined;
  }
}

const edited = (objects: readonly unknown[], edits: readonly ItemEdit[]): unknown[] =>
  objects.map((object, i) =>
    edits.filter(({ item }) => item === i).reduce((changed: unknown, edit) => applyEdit(changed, edit), object),
  );

/** Whether all of the input that no edit may touch is in the output, in its order, and no comment twice. */
function lostBytes(list: Generated, output: string, edits: readonly ItemEdit[]): string[] {
  const kept = keptOf(list, edits);
  let at = 0;
  for (const chunk of kept) {
    const found = output.indexOf(chunk, at);
    if (found < 0) return [`lost or moved: ${JSON.stringify(chunk.slice(0, 200))}`];
    at = found + chunk.length;
  }
  const notes = output.match(/# note \d+/g) ?? [];
  return new Set(notes).size === notes.length ? [] : ['a comment is there twice'];
}

/** The input without what the edits replace, cut where they may add something. */
function keptOf(list: Generated, edits: readonly ItemEdit[]): string[] {
  const { text } = list;
  const spans = edits.flatMap((edit, i) => {
    const path = ['items', edit.item, ...asBefore(edit, edits.slice(0, i))];
    const at = list.place(path);
    if (at === undefined) return seams(list, path.slice(0, -1));
    return [edit.value === undefined ? around(text, at) : { start: at.value, end: at.end }, ...seam(text, at.end)];
  });
  let from = 0;
  const atEnd = { start: text.trimEnd().length, end: text.length };
  const chunks = [...spans, ...seams(list, []), ...seams(list, ['results']), atEnd]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => {
      const chunk = text.slice(from, Math.max(from, start));
      from = Math.max(from, end);
      return chunk;
    });
  return [...chunks, text.slice(from)].filter((chunk) => chunk !== '');
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where something can be added to what stands at a path: behind an entry, there or on the next line. */
function seams(list: Generated, path: readonly (string | number)[]): Span[] {
  const entries = list.entries(path);
  const [first] = entries;
  if (first === undefined) {
    const empty = list.place(path);
    return empty === undefined ? [] : [{ start: empty.value, end: empty.end }];
  }
  return [{ start: first.start, end: first.start }, ...entries.flatMap(({ end }) => seam(list.text, end))];
}

function seam(text: string, end: number): Span[] {
  const line = /^[^\r\n]*/.exec(text.slice(end))?.[0].length ?? 0;
  return [end, end + line].map((at) => ({ start: at, end: at }));
}

/** The path that an edit has in the text as it came: earlier edits may have taken items out of its lists. */
function asBefore(edit: ItemEdit, earlier: readonly ItemEdit[]): (string | number)[] {
  return edit.path.map((step, depth) => {
    if (typeof step === 'string') return step;
    const list = JSON.stringify(edit.path.slice(0, depth));
    const removed = earlier.filter(
      ({ item, path, value }) =>
        item === edit.item &&
        value === undefined &&
        path.length === depth + 1 &&
        JSON.stringify(path.slice(0, -1)) === list,
    );
    return removed
      .map(({ path }) => Number(path.at(-1)))
      .reverse()
      .reduce((at, gone) => (gone <= at ? at + 1 : at), step);
  });
}

/** What goes with an entry: its line and the comment on it, or the comma beside it. */
function around(text: string, { start, end }: { start: number; end: number }): { start: number; end: number } {
  const before = /[\s,]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const after = /^(?:[\s,]*,\s*|[ \t]*(?:#[^\n]*)?\r?\n?\s*)/.exec(text.slice(end))?.[0].length ?? 0;
  return { start: start - before, end: end + after };
}

function strangeLineEnds(text: string, output: string): string[] {
  const bare = /(?<!\r)\n/;
  const same = text.includes('\r\n') ? !bare.test(output) : !output.includes('\r');
  const blanks = (of: string): number => of.match(/[ \t]+\r?$/gm)?.length ?? 0;
  return [
    ...(same ? [] : ['line ends are mixed']),
    ...(blanks(output) <= blanks(text) ? [] : ['a new line ends in blanks']),
  ];
}
