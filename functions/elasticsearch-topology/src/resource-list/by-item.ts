import type { Json } from '../yaml/json.ts';
import { NotYaml, type Read, readYaml } from '../yaml/read.ts';
import { blockValue } from '../yaml/render.ts';
import { splice } from '../yaml/splice.ts';
import { styleOf } from '../yaml/style.ts';
import { cut, itemsWith } from './cut.ts';
import { byItem, checkEnvelope, decode, NeedsWholeText, newResults, type ResourceList, readAlone } from './list.ts';

/**
 * The list cut into items, of which only those that are asked for are read. What stands around the items is read too.
 * `undefined`: the text has a form that can't be cut.
 */
export function cutList(bytes: Buffer): ResourceList | undefined {
  const items = cut(bytes);
  if (items === undefined) return undefined;
  const { starts, end, indent } = items;
  const [begin = end] = starts;
  const around = readOrNot(decode(bytes.subarray(0, begin)) + decode(bytes.subarray(end)));
  if (around === undefined) return undefined;
  const root = checkEnvelope(around.data);

  const sliceOf = (item: number): Buffer => bytes.subarray(starts[item], starts[item + 1] ?? end);
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
      itemsWith(bytes, items, word, asKey !== undefined)
        .filter((item) => mayBe(sliceOf(item), ' '.repeat(indent), kind))
        .map((item) => ({ item, object: object(item) })),
    write(edits, results) {
      const pieces: Uint8Array[] = [];
      let done = 0;
      for (const [item, changes] of byItem(edits)) {
        const start = starts[item] ?? begin;
        pieces.push(bytes.subarray(done, start), Buffer.from(splice(read(item), changes, [0])));
        done = start + sliceOf(item).length;
      }
      pieces.push(bytes.subarray(done));
      const added = newResults(root.results, results);
      if (added.length === 0) return pieces;
      // Results of other functions are in a list that may be written in any way.
      if (Object.hasOwn(root, 'results')) throw new NeedsWholeText();
      return [...pieces, Buffer.from(resultsAtEnd(added, around, indent))];
    },
  };
}

/** A key at the margin, behind a line break: whatever stands before it ends there. */
function resultsAtEnd(results: Json[], { text, roots: [root] }: Read, indent: number): string {
  const style = root && { ...styleOf(text, root), list: indent };
  return style === undefined ? '' : `results:${blockValue(results, 0, style)}${style.eol}`;
}

/**
 * Whether an item may be of a kind: false only where its text plainly names another one among its first-level keys.
 * Those stand two columns right of the dash where a plain key follows it; anything else there (a brace, a line break)
 * leaves it open where they are.
 */
function mayBe(item: Buffer, indent: string, kind: string): boolean {
  const [first, key] = [`${indent}- kind: `, `${indent}  kind: `];
  const start = item.toString('latin1', 0, first.length);
  if (!isLetter(start.charAt(indent.length + 2))) return true;
  // Looked for in the bytes: the item may hold whole files.
  const at = start === first ? 0 : item.indexOf(`\n${key}`) + 1;
  if (at === 0 && start !== first) return true;
  const named = item.toString('latin1', at + key.length, item.indexOf('\n', at)).trimEnd();
  // A quote, an anchor or a comment in it leaves it open what the kind is.
  return named === kind || !isLetter(named.charAt(0)) || named.includes(' ');
}

const isLetter = (char: string): boolean => char.toLowerCase() !== char.toUpperCase();

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
