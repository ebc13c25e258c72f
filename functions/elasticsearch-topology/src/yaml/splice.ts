import { applyEdit, type Edit, type Path } from './edit.ts';
import { type Located, locate } from './locate.ts';
import { type Read, readYaml } from './read.ts';
import { replaceAll } from './replacement.ts';
import { styleOf } from './style.ts';
import { verified } from './verify.ts';

/** An edit, the very one that was given, that can't be made in this text without changing something else. */
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
  let text = original.text;
  for (let done = 0; done < edits.length; ) {
    if (read.text !== text) read = readYaml(text);
    const batch: Located[] = [];
    for (const edit of edits.slice(done, done + most)) {
      const located = find(read, edit, prefix);
      if (batch.some((earlier) => touches(earlier, located))) break;
      batch.push(located);
    }
    const replacements = batch.map(({ replacement }) => replacement);
    text = replaceAll(read.text, replacements);
    const wanted = batch.reduce((data, { edit }) => applyEdit(data, edit), read.data[0]);
    if (!verified(text, read, batch, wanted)) {
      // One at a time, to name the one that can't be made.
      if (batch.length > 1) return splice(original, edits, prefix, 1);
      throw new CannotSplice(edits[done] ?? { path: [], value: undefined });
    }
    done += batch.length;
  }
  return text;
}

function find({ text, roots: [root] }: Read, edit: Edit, prefix: Path): Located {
  const whole = { path: [...prefix, ...edit.path], value: edit.value };
  const located = root && locate(text, root, whole, styleOf(text, root));
  if (located === undefined) throw new CannotSplice(edit);
  return located;
}

/** Whether the later edit must wait until the earlier one is made. */
function touches(earlier: Located, later: Located): boolean {
  const { path } = earlier.edit;
  const reach = earlier.moves ? path.slice(0, -1) : path;
  const [a, b] = [earlier.replacement, later.replacement];
  return startsWith(later.edit.path, reach) || (a.start < b.end && b.start < a.end);
}

const startsWith = (path: Path, start: Path): boolean => start.every((step, i) => path[i] === step);
