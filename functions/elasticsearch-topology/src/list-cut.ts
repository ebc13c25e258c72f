import type { Json } from './json.ts';
import { byItem, checkEnvelope, decode, NeedsWholeText, newResults, readAlone, type ResourceList } from './list.ts';
import { blockValue } from './render.ts';
import { splice } from './splice.ts';
import { styleOf } from './style.ts';
import { NotYaml, readYaml, type Read } from './yaml.ts';

/**
 * The list cut into items without parsing them. The items of a block sequence begin at lines `- ` of one indentation,
 * and in valid YAML nothing else inside of it can: neither block scalars nor quoted or plain lines reach so far left.
 * What stands around the items is parsed. `undefined`: the text has another form.
 */
export function cutList(input: Uint8Array): ResourceList | undefined {
  // One character a byte, so that places in the text are places in the input.
  const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  const span = itemsSpan(text);
  if (span === undefined) return undefined;
  const { begin, end, indent } = span;
  const starts = itemStarts(text, span);
  const around = readOrNot(decode(input.subarray(0, begin)) + decode(input.subarray(end)));
  if (around === undefined) return undefined;
  const root = checkEnvelope(around.data);

  const sliceOf = (item: number): Uint8Array => input.subarray(starts[item], starts[item + 1] ?? end);
  const known = new Map<number, Read>();
  const read = (item: number): Read => {
    const found = known.get(item) ?? readAlone(decode(sliceOf(item)));
    known.set(item, found);
    return found;
  };
  const object = (item: number): unknown => only(read(item).data[0]);

  return {
    functionConfig: root.functionConfig,
    object,
    find: (kind, word, asKey) =>
      itemsWith(text, Buffer.from(word).toString('latin1'), starts, end, asKey !== undefined)
        .filter((item) => mayBe(text.slice(starts[item], starts[item + 1] ?? end), indent, kind))
        .map((item) => ({ item, object: object(item) })),
    write(edits, results) {
      const pieces: Uint8Array[] = [];
      let done = begin;
      for (const [item, changes] of byItem(edits)) {
        const slice = sliceOf(item);
        const start = starts[item] ?? begin;
        pieces.push(input.subarray(done, start), Buffer.from(splice(read(item), changes, [0])));
        done = start + slice.length;
      }
      pieces.push(input.subarray(done, end));
      const added = newResults(root.results, results);
      // Results of other functions are in a list that may be written in any way.
      if (added.length > 0 && Object.hasOwn(root, 'results')) throw new NeedsWholeText();
      const text = added.length === 0 ? '' : resultsAtEnd(added, around, indent.length);
      return [input.subarray(0, begin), ...pieces, input.subarray(end), Buffer.from(text)];
    },
  };
}

/** A key at the margin, behind a line break: whatever stands before it ends there. */
function resultsAtEnd(results: Json[], { text, roots: [root] }: Read, indent: number): string {
  const style = root && { ...styleOf(text, root), list: indent };
  return style === undefined ? '' : `results:${blockValue(results, 0, style)}${style.eol}`;
}

interface Span {
  readonly begin: number;
  readonly end: number;
  readonly indent: string;
}

function itemsSpan(text: string): Span | undefined {
  // Without a line break at the end there would be no safe place for results behind the items.
  if (!text.endsWith('\n')) return undefined;
  const header = /^items:[ \t]*(?:#.*)?\r?\n/m.exec(text);
  if (header === null) return undefined;
  const first = /(?:[ \t]*(?:#.*)?\r?\n)*( *)-[ \t\r\n]/y;
  first.lastIndex = header.index + header[0].length;
  const match = first.exec(text);
  if (match === null) return undefined;
  const indent = match[1] ?? '';
  const begin = first.lastIndex - 2 - indent.length;
  // The next key at the margin, or a document's end, closes the list.
  const closing = indent === '' ? /\n(?:[^\s#-]|-(?![ \t\r\n]))/g : /\n[^\s#]/g;
  closing.lastIndex = begin;
  const close = closing.exec(text);
  const end = close === null ? text.length : close.index + 1;
  // Behind the end of the document nothing could be added to it.
  return /^(?:---|\.\.\.)(?:\s|$)/m.test(text.slice(end)) ? undefined : { begin, end, indent };
}

function itemStarts(text: string, { begin, end, indent }: Span): number[] {
  const starts = [begin];
  const dash = `\n${indent}-`;
  for (let at = text.indexOf(dash, begin); at >= 0 && at < end; at = text.indexOf(dash, at + 1)) {
    if (/[ \t\r\n]/.test(text.charAt(at + dash.length))) starts.push(at + 1);
  }
  return starts;
}

function itemsWith(text: string, word: string, starts: readonly number[], end: number, asKey: boolean): number[] {
  const found: number[] = [];
  const behind = /["']?[ \t]*:/y;
  let at = text.indexOf(word, starts[0]);
  while (at >= 0 && at < end) {
    behind.lastIndex = at + word.length;
    const item = itemAt(starts, at);
    const fits = !asKey || behind.test(text);
    if (fits) found.push(item);
    at = text.indexOf(word, fits ? (starts[item + 1] ?? end) : at + 1);
  }
  return found;
}

/** Whether an item may be of a kind: false only where its text plainly names another one among its first-level keys. */
function mayBe(item: string, indent: string, kind: string): boolean {
  const key = `${indent}  kind: `;
  const begins = item.startsWith(`${indent}- kind: `);
  const at = begins ? 0 : item.indexOf(`\n${key}`) + 1;
  if (at === 0 && !begins) return true;
  const named = item.slice(at + key.length, item.indexOf('\n', at)).trimEnd();
  return named === kind || !/^[A-Za-z]+$/.test(named);
}

/** The last item that starts at or before a place. */
function itemAt(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? Infinity) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function only(list: unknown): unknown {
  if (!Array.isArray(list) || list.length !== 1) throw new NeedsWholeText();
  return list[0];
}

function readOrNot(text: string): Read | undefined {
  try {
    return readYaml(text);
  } catch (error) {
    if (error instanceof NotYaml) return undefined;
    throw error;
  }
}
