import type { Path } from './edit.ts';
import { equal, isMap } from './json.ts';
import { columnOf, lineEnd, lineStart, type Node } from './compose.ts';
import { moved } from './replacement.ts';
import type { Made } from './splice.ts';
import { NotYaml, readYaml, type Read } from './read.ts';

/**
 * Whether the edited text says what is wanted. Without anchors a map or list means the same wherever it stands, so it
 * is enough to read again, each by itself, those that were edited: all around them is as it was.
 */
export function proves(text: string, before: Read, batch: readonly Made[], wanted: unknown): boolean {
  // A map or list that loses its first key may be written anew from before its place.
  const isElsewhere = ({ replacement, around }: Made): boolean => replacement.start < beginning(before.text, around);
  if (before.hasAnchors || batch.some(isElsewhere)) return says(text, [wanted]);
  return outermost(batch).every((made) =>
    says(fragment(text, before.text, made, batch), [valueAt(wanted, pathAround(made))]),
  );
}

const pathAround = ({ change }: Made): Path => change.path.slice(0, -1);

/** The edits whose map or list lies in no other one that is edited, one for each. */
function outermost(batch: readonly Made[]): Made[] {
  const depth = (made: Made): number => made.change.path.length;
  return [...batch]
    .sort((a, b) => depth(a) - depth(b))
    .reduce<Made[]>((kept, made) => (kept.some((other) => holds(other, made)) ? kept : [...kept, made]), []);
}

const holds = (outer: Made, inner: Made): boolean =>
  pathAround(outer).every((step, i) => inner.change.path[i] === step);

/** Where a map or list begins: with its line, unless a list's dash or a key stands before it there. */
function beginning(text: string, { start }: Node): number {
  const line = lineStart(text, start);
  return text.slice(line, start).trim() === '' ? start - columnOf(text, start) : start;
}

/** The text of an edited map or list, its lines as far to the right as they were. */
function fragment(text: string, before: string, made: Made, batch: readonly Made[]): string {
  const { around } = made;
  const all = batch.map(({ replacement }) => replacement);
  const own = batch.filter((other) => holds(made, other)).map(({ replacement }) => replacement);
  const start = beginning(before, around);
  const end = Math.max(
    around.flow ? around.end : lineEnd(before, around.end),
    ...own.map((replacement) => replacement.end),
  );
  const from = moved(
    start,
    all.filter((replacement) => replacement.start < start),
  );
  const to = moved(
    end,
    all.filter((replacement) => replacement.end <= end),
  );
  return (start < around.start ? '' : ' '.repeat(columnOf(before, around.start))) + text.slice(from, to);
}

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce((value, step) => {
    if (typeof step === 'number') return Array.isArray(value) ? (value[step] as unknown) : undefined;
    return isMap(value) ? value[step] : undefined;
  }, data);

function says(text: string, wanted: unknown): boolean {
  try {
    return equal(readYaml(text).data, wanted);
  } catch (error) {
    if (error instanceof NotYaml) return false;
    throw error;
  }
}
