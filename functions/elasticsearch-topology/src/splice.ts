import { applyChange, type Change, type Path } from './edit.ts';
import { equal } from './json.ts';
import type { Node } from './nodes.ts';
import { addItem, addPair } from './insert.ts';
import { removeItem, removePair } from './remove.ts';
import { setItem, setPair } from './replace.ts';
import { nothing, type Replacement } from './replacement.ts';
import { styleOf, type Style } from './style.ts';
import { NotYaml, readYaml, type Read } from './yaml.ts';

type Edit = Pick<Change, 'path' | 'value'> & { readonly item?: number };

/** An edit that can't be made in this text without changing something else. */
export class CannotSplice extends Error {
  constructor(readonly edit: Edit) {
    super('can not be edited in place');
  }
}

/**
 * Makes the edits in the text of one YAML document, one after the other, and leaves every other byte as it came. What
 * comes out is read again: unless it says exactly what the edits say, nothing is given back. The edits' paths begin
 * at `prefix`; up to `most` edits that do not touch each other are made at once.
 */
export function splice(original: Read, edits: readonly Edit[], prefix: Path = [], most = Infinity): string {
  let read = original;
  for (let done = 0; done < edits.length;) {
    const batch: Made[] = [];
    for (const edit of edits.slice(done, done + most)) {
      const made = make(read, edit, prefix);
      if (batch.some((earlier) => touches(earlier, made))) break;
      batch.push(made);
    }
    const wanted = batch.reduce((data, { change }) => applyChange(data, change), read.data[0]);
    const text = replaceAll(
      read.text,
      batch.map(({ replacement }) => replacement),
    );
    const again = readAgain(text);
    if (again === undefined || !equal(again.data, [wanted])) {
      // One at a time, to name the one that can't be made.
      if (batch.length > 1) return splice(original, edits, prefix, 1);
      throw new CannotSplice(edits[done] ?? { path: [], value: undefined });
    }
    read = again;
    done += batch.length;
  }
  return read.text;
}

interface Made {
  readonly change: Pick<Change, 'path' | 'value'>;
  readonly replacement: Replacement;
  /** Whether the edit adds or takes away, so that what stands beside it moves. */
  readonly moves: boolean;
}

function make({ text, roots: [root] }: Read, edit: Edit, prefix: Path): Made {
  const change = { path: [...prefix, ...edit.path], value: edit.value };
  const found = root && locate(text, root, change, styleOf(text, root));
  if (found === undefined) throw new CannotSplice(edit);
  return { change, ...found };
}

/** Whether the later edit must wait until the earlier one is made. */
function touches(earlier: Made, later: Made): boolean {
  const { path } = earlier.change;
  const reach = earlier.moves ? path.slice(0, -1) : path;
  const [a, b] = [earlier.replacement, later.replacement];
  return reach.every((step, i) => later.change.path[i] === step) || (a.start < b.end && b.start < a.end);
}

function replaceAll(text: string, replacements: readonly Replacement[]): string {
  let from = 0;
  const pieces = [...replacements]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text: inserted }) => {
      const piece = text.slice(from, start) + inserted;
      from = end;
      return piece;
    });
  return pieces.join('') + text.slice(from);
}

function readAgain(text: string): Read | undefined {
  try {
    return readYaml(text);
  } catch (error) {
    if (error instanceof NotYaml) return undefined;
    throw error;
  }
}

type Located = Pick<Made, 'replacement' | 'moves'>;

const moving = (replacement: Replacement | undefined): Located | undefined =>
  replacement && { replacement, moves: true };
const staying = (replacement: Replacement): Located => ({ replacement, moves: false });

function locate(text: string, root: Node, { path, value }: Edit, style: Style): Located | undefined {
  let node: Node = root;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (node.kind === 'map') {
      const at: number = node.pairs.findIndex(({ key }) => key.kind === 'scalar' && key.value === step);
      const pair = node.pairs[at];
      if (last) {
        if (value === undefined) return moving(pair === undefined ? nothing : removePair(text, node, at));
        return pair === undefined
          ? moving(addPair(text, node, String(step), value, style))
          : staying(setPair(text, node, pair, value, style));
      }
      if (pair === undefined) break;
      node = pair.value;
    } else if (node.kind === 'list' && typeof step === 'number') {
      const item: Node | undefined = node.items[step]?.node;
      if (last) {
        if (value === undefined) return moving(item === undefined ? nothing : removeItem(text, node, step));
        return item === undefined
          ? moving(addItem(text, node, value, style))
          : staying(setItem(text, node, item, value, style));
      }
      if (item === undefined) break;
      node = item;
    } else break;
  }
  return undefined;
}
