/** A range of a text, and what is to stand there. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const nothing: Replacement = { start: 0, end: 0, text: '' };

export function replaceAll(text: string, replacements: readonly Replacement[]): string {
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

/** Where a place came to stand when the replacements that lie before it were made. */
export const moved = (place: number, replacements: readonly Replacement[]): number =>
  replacements.reduce((at, { start, end, text }) => at + text.length - (end - start), place);
