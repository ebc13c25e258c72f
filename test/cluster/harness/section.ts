// The part of a page that the suite writes: what stands between two marks.
export interface Section {
  readonly lines: readonly string[];
  /** The page with other lines between the marks; all around them stays. */
  readonly with: (lines: readonly string[]) => string;
}

export const sectionOf = (document: string, begin: string, end: string): Section => {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document must hold "${begin}" and, after it, "${end}"`);
  return {
    lines: document.slice(from + begin.length, to).split('\n'),
    with: (lines) => `${document.slice(0, from)}${[begin, ...lines, ''].join('\n')}${document.slice(to)}`,
  };
};

/** A line of a table. "][" of a log would be taken for a link. */
export const lineOf = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '/').replaceAll('][', '] [').replaceAll('\n', ' ')).join(' | ')} |`;

/**
 * For each name its new lines or, where there are none, those that the page has: lines whose first cell is the name.
 */
export const renewed = (
  section: Section,
  order: readonly string[],
  made: (name: string) => readonly string[],
): string[] =>
  order.flatMap((name) => {
    const lines = made(name);
    return lines.length > 0 ? lines : section.lines.filter((line) => line.startsWith(`| ${name} |`));
  });
