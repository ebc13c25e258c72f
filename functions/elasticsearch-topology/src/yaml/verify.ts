import type { Path } from './edit.ts';
import { equal, isMap } from './json.ts';
import type { Located } from './locate.ts';
import type { Node } from './nodes.ts';
import { NotYaml, type Read, readYaml } from './read.ts';
import { moved } from './replacement.ts';
import { columnOf, lineEnd, lineStart } from './text.ts';

/**
 * Whether the edited text says what is wanted. Without anchors a map or list means the same wherever it stands, so it
 * is enough to read again, each by itself, those that were edited: all around them is as it was.
 */
export function verified(text: string, before: Read, batch: readonly Located[], wanted: unknown): boolean {
  // A map or list that loses its first key may be written anew from before its place.
  const isElsewhere = ({ replacement, around }: Located): boolean => replacement.start < beginning(before.text, around);
  if (before.hasAnchors || batch.some(isElsewhere)) return says(text, [wanted]);
  return outermost(batch).every((located) =>
    says(fragment(text, before.text, located, batch), [valueAt(wanted, pathAround(located))]),
  );
}

const pathAround = ({ edit }: Located): Path => edit.path.slice(0, -1);

/** The edits whose map or list lies in no other one that is edited, one for each. */
function outermost(batch: readonly Located[]): Located[] {
  const depth = (located: Located): number => located.edit.path.length;
  const kept: Located[] = [];
  for (const located of [...batch].sort((a, b) => depth(a) - depth(b))) {
    if (!kept.some((other) => holds(other, located))) kept.push(located);
  }
  return kept;
}

const holds = (outer: Located, inner: Located): boolean =>
  pathAround(outer).every((step, i) => inner.edit.path[i] === step);

/** Where a map or list begins: with its line, unless a list's dash or a key stands before it there. */
function beginning(text: string, { start }: Node): number {
  const line = lineStart(text, start);
  return text.slice(line, start).trim() === '' ? start - columnOf(text, start) : start;
}

/** The text of an edited map or list, its lines as far to the right as they were. */
function fragment(text: string, before: string, located: Located, batch: readonly Located[]): string {
  const { around } = located;
  const all = batch.map(({ replacement }) => replacement);
  const own = batch.filter((other) => holds(located, other)).map(({ replacement }) => replacement);
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
