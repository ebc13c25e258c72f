import { applyChange, type Path } from './edit.ts';
import { locate, type Located, type Target } from './locate.ts';
import { replaceAll } from './replacement.ts';
import { proves } from './verify.ts';
import { styleOf } from './style.ts';
import { readYaml, type Read } from './read.ts';

type Edit = Target & { readonly item?: number };

/** An edit that can't be made in this text without changing something else. */
export class CannotSplice extends Error {
  constructor(readonly edit: Edit) {
    super('can not be edited in place');
  }
}

/** An edit with the way to make it. */
export interface Made extends Located {
  readonly change: Target;
}

/**
 * Makes the edits in the text of one YAML document, one after the other, and leaves every other byte as it came. What
 * comes out is read again: unless it says exactly what the edits say, nothing is given back. The edits' paths begin
 * at `prefix`; up to `most` edits that do not touch each other are made at once.
 */
export function splice(original: Read, edits: readonly Edit[], prefix: Path = [], most = Infinity): string {
  let read = original;
  let text = original.text;
  for (let done = 0; done < edits.length;) {
    if (read.text !== text) read = readYaml(text);
    const batch: Made[] = [];
    for (const edit of edits.slice(done, done + most)) {
      const made = make(read, edit, prefix);
      if (batch.some((earlier) => touches(earlier, made))) break;
      batch.push(made);
    }
    const replacements = batch.map(({ replacement }) => replacement);
    text = replaceAll(read.text, replacements);
    const wanted = batch.reduce((data, { change }) => applyChange(data, change), read.data[0]);
    if (!proves(text, read, batch, wanted)) {
      // One at a time, to name the one that can't be made.
      if (batch.length > 1) return splice(original, edits, prefix, 1);
      throw new CannotSplice(edits[done] ?? { path: [], value: undefined });
    }
    done += batch.length;
  }
  return text;
}

function make({ text, roots: [root] }: Read, edit: Edit, prefix: Path): Made {
  const change = { path: [...prefix, ...edit.path], value: edit.value };
  const located = root && locate(text, root, change, styleOf(text, root));
  if (located === undefined) throw new CannotSplice(edit);
  return { change, ...located };
}

/** Whether the later edit must wait until the earlier one is made. */
function touches(earlier: Made, later: Made): boolean {
  const { path } = earlier.change;
  const reach = earlier.moves ? path.slice(0, -1) : path;
  const [a, b] = [earlier.replacement, later.replacement];
  return startsWith(later.change.path, reach) || (a.start < b.end && b.start < a.end);
}

const startsWith = (path: Path, start: Path): boolean => start.every((step, i) => path[i] === step);
