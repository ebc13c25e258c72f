/** Where the items of a list stand in its bytes: each from its dash's line to the next one's, the last one to `end`. */
export interface Cut {
  readonly starts: readonly number[];
  readonly end: number;
  readonly indent: number;
}

/**
 * Finds the items of a block sequence without parsing them: they begin at lines `- ` of one indentation, and in valid
 * YAML nothing else inside of it can, since neither block scalars nor quoted or plain lines reach so far left.
 * `undefined`: the list is written in another form.
 */
export function cut(bytes: Buffer): Cut | undefined {
  // One character a byte, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1');
  // Without a line break at the end there would be no safe place for results behind the items.
  if (!text.endsWith('\n')) return undefined;
  const opening = /^items:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)-[ \t\r\n]/m.exec(text);
  if (opening === null) return undefined;
  const indent = opening[1] ?? '';
  const begin = opening.index + opening[0].length - 2 - indent.length;
  const { starts, end } = dashes(text, begin, indent);
  // Behind the end of the document nothing could be added to it.
  if (/^(?:---|\.\.\.)(?:\s|$)/m.test(text.slice(end))) return undefined;
  return { starts, end, indent: indent.length };
}

/** Where the items begin, and where the next key at the margin, or the document's end, closes the list: in one pass. */
function dashes(text: string, begin: number, indent: string): { starts: number[]; end: number } {
  const starts = [begin];
  const next = new RegExp(`\\n(?:${indent}-(?=[ \\t\\r\\n])|(?=[^\\s#]))`, 'g');
  next.lastIndex = begin;
  // `test` makes no object for each of the many.
  while (next.test(text)) {
    const place = next.lastIndex;
    if (text.charAt(place - 1) !== '-') return { starts, end: place };
    starts.push(place - 1 - indent.length);
  }
  return { starts, end: text.length };
}

/** The items whose text has the word; as a key, with a colon behind. */
export function itemsWith(bytes: Buffer, { starts, end }: Cut, word: string, asKey: boolean): number[] {
  const found: number[] = [];
  const length = Buffer.byteLength(word);
  let at = bytes.indexOf(word, starts[0]);
  while (at >= 0 && at < end) {
    const item = itemAt(starts, at);
    const behind = at + length;
    const fits = !asKey || /^["']?[ \t]*:/.test(bytes.toString('latin1', behind, behind + 80));
    if (fits) found.push(item);
    at = bytes.indexOf(word, fits ? (starts[item + 1] ?? end) : at + 1);
  }
  return found;
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
