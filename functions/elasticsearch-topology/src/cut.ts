/** Where the items of a list stand in its bytes: each from its dash's line to the next one's, the last one to `end`. */
export interface Cut {
  readonly starts: readonly number[];
  readonly end: number;
  readonly indent: number;
}

const [TAB, LINE_FEED, RETURN, SPACE, HASH, DASH] = [9, 10, 13, 32, 35, 45];

/** How far behind its key the first item is looked for: there is room for comments. */
const WINDOW = 1 << 16;

/**
 * Finds the items of a block sequence without parsing them: they begin at lines `- ` of one indentation, and in valid
 * YAML nothing else inside of it can, since neither block scalars nor quoted or plain lines reach so far left.
 * `undefined`: the list is written in another form.
 */
export function cut(bytes: Buffer): Cut | undefined {
  // Without a line break at the end there would be no safe place for results behind the items.
  if (bytes[bytes.length - 1] !== LINE_FEED) return undefined;
  const key = bytes.subarray(0, 6).equals(Buffer.from('items:')) ? 0 : bytes.indexOf('\nitems:') + 1;
  if (key === 0 && bytes[0] !== 'i'.charCodeAt(0)) return undefined;
  const opening = /^items:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)-[ \t\r\n]/;
  const match = opening.exec(bytes.toString('latin1', key, key + WINDOW));
  if (match === null) return undefined;
  const indent = match[1]?.length ?? 0;
  const starts: number[] = [];
  let line = key + match[0].length - 2 - indent;
  while (line < bytes.length && !closes(bytes, line, indent)) {
    if (isDash(bytes, line, indent)) starts.push(line);
    line = bytes.indexOf(LINE_FEED, line) + 1;
  }
  // Behind the end of the document nothing could be added to it.
  return /^(?:---|\.\.\.)(?:\s|$)/m.test(bytes.toString('latin1', line)) ? undefined : { starts, end: line, indent };
}

/** Whether a line begins with the next key of the map that the list is in, or ends the document. */
function closes(bytes: Buffer, line: number, indent: number): boolean {
  const first = bytes[line];
  if (first === SPACE || first === LINE_FEED || first === HASH || first === RETURN || first === TAB) return false;
  return first !== DASH || !isDash(bytes, line, indent);
}

function isDash(bytes: Buffer, line: number, indent: number): boolean {
  if (bytes[line + indent] !== DASH || !isBlank(bytes[line + indent + 1])) return false;
  for (let at = line; at < line + indent; at++) if (bytes[at] !== SPACE) return false;
  return true;
}

const isBlank = (byte: number | undefined): boolean =>
  byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB;

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
