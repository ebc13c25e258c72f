// The tables of docs/security.md: what was tried, and what came of it. A scenario that ran replaces its lines, all others stay.
export interface Attempt {
  readonly scenario: string;
  readonly what: string;
  readonly answer: string;
}

export const attemptsBegin = '<!-- attempts: begin -->';
export const attemptsEnd = '<!-- attempts: end -->';
export const networkBegin = '<!-- network: begin -->';
export const networkEnd = '<!-- network: end -->';

const cell = (text: string): string => text.replaceAll('|', '/').replaceAll('\n', ' ');
const lineOf = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const between = (document: string, begin: string, end: string): { from: number; to: number } => {
  const from = document.indexOf(begin) + begin.length;
  const to = document.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`the document must hold "${begin}" and, after it, "${end}"`);
  return { from, to };
};

const replaced = (document: string, begin: string, end: string, lines: readonly string[]): string => {
  const { from, to } = between(document, begin, end);
  return `${document.slice(0, from)}\n${lines.join('\n')}\n${document.slice(to)}`;
};

/** `order` are the names of all scenarios, as the suite has them; lines of others are dropped. */
export const withAttempts = (document: string, attempts: readonly Attempt[], order: readonly string[]): string => {
  if (attempts.length === 0) return document;
  const { from, to } = between(document, attemptsBegin, attemptsEnd);
  const old = document.slice(from, to).split('\n');
  const lines = order.flatMap((name) => {
    const made = attempts.filter(({ scenario }) => scenario === name);
    return made.length > 0 ? made.map(({ what, answer }) => lineOf([name, what, answer])) : old.filter((line) => line.startsWith(`| ${name} |`));
  });
  return replaced(document, attemptsBegin, attemptsEnd, [lineOf(['scenario', 'attempt', 'answer']), '|---|---|---|', ...lines]);
};

/** A table of who reaches whom: its head, then a line for each who. */
export const withNetwork = (document: string, rows: readonly (readonly string[])[] | undefined): string => {
  const [head, ...lines] = rows ?? [];
  if (head === undefined) return document;
  return replaced(document, networkBegin, networkEnd, [lineOf(head), lineOf(head.map(() => '---')), ...lines.map(lineOf)]);
};
