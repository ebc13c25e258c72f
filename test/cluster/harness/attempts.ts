// The tables of docs/security.md: what was tried, and what came of it. A scenario that ran replaces its lines, all
// others stay.
import { lineOf, renewed, sectionOf } from './section.ts';

export interface Attempt {
  readonly scenario: string;
  readonly what: string;
  readonly answer: string;
}

export const attemptsBegin = '<!-- attempts: begin -->';
export const attemptsEnd = '<!-- attempts: end -->';
export const networkBegin = '<!-- network: begin -->';
export const networkEnd = '<!-- network: end -->';

/** `order` are the names of all scenarios, as the suite has them; lines of others are dropped. */
export const withAttempts = (document: string, attempts: readonly Attempt[], order: readonly string[]): string => {
  if (attempts.length === 0) return document;
  const section = sectionOf(document, attemptsBegin, attemptsEnd);
  const made = (name: string): string[] =>
    attempts.filter(({ scenario }) => scenario === name).map(({ what, answer }) => lineOf([name, what, answer]));
  return section.with([lineOf(['scenario', 'attempt', 'answer']), '|---|---|---|', ...renewed(section, order, made)]);
};

/** A table of who reaches whom: its head, then a line for each who. */
export const withNetwork = (document: string, rows: readonly (readonly string[])[] | undefined): string => {
  const [head, ...lines] = rows ?? [];
  if (head === undefined) return document;
  return sectionOf(document, networkBegin, networkEnd).with([
    lineOf(head),
    lineOf(head.map(() => '---')),
    ...lines.map(lineOf),
  ]);
};
