// Two tables of docs/availability.md: when each scenario ran last, and how it ended; and how scenarios failed without
// the safeguard that they are there for.
import { lineOf, renewed, sectionOf } from './section.ts';

export interface Result {
  readonly scenario: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly date: string;
}

const begin = '<!-- results: begin -->';
const end = '<!-- results: end -->';

const notRun = 'not run on this test bed yet';

/** Results of scenarios that ran replace their old ones; those that never ran are named as such. */
export const withResults = (document: string, results: readonly Result[], order: readonly string[]): string => {
  const section = sectionOf(document, begin, end);
  const made = (name: string): string[] =>
    results
      .filter(({ scenario }) => scenario === name)
      .map(({ passed, seconds, date }) =>
        lineOf([name, `${passed ? 'passed' : '**failed**'} in ${Math.round(seconds)} s`, date]),
      );
  const lines = order.map((name) => renewed(section, [name], made)[0] ?? `| ${name} | ${notRun} | |`);
  return section.with(['| scenario | last result | date |', '|---|---|---|', ...lines]);
};

export interface Proof {
  readonly safeguard: string;
  /** What was taken away. */
  readonly what: string;
  readonly scenario: string;
  /** What the scenario said. */
  readonly failure: string;
  readonly date: string;
}

const proofsBegin = '<!-- safeguards: begin -->';
const proofsEnd = '<!-- safeguards: end -->';

/** Proofs replace their old ones; `order` are the names of all safeguards. */
export const withProofs = (document: string, proofs: readonly Proof[], order: readonly string[]): string => {
  if (proofs.length === 0) return document;
  const section = sectionOf(document, proofsBegin, proofsEnd);
  const made = (name: string): string[] =>
    proofs
      .filter(({ safeguard }) => safeguard === name)
      .map(({ what, scenario, failure, date }) => lineOf([name, what, scenario, failure, date]));
  return section.with([
    '| safeguard | taken away | scenario | how it failed | date |',
    '|---|---|---|---|---|',
    ...renewed(section, order, made),
  ]);
};
