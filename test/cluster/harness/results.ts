// The second table of docs/availability.md: when each scenario ran last, and how it ended.
import { sectionOf } from './section.ts';

export interface Result {
  readonly scenario: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly date: string;
}

export const begin = '<!-- results: begin -->';
export const end = '<!-- results: end -->';

const notRun = 'not run on this test bed yet';

const lineOf = ({ scenario, passed, seconds, date }: Result): string =>
  `| ${scenario} | ${passed ? 'passed' : '**failed**'} in ${Math.round(seconds)} s | ${date} |`;

/** Results of scenarios that ran replace their old ones; those that never ran are named as such. */
export const withResults = (document: string, results: readonly Result[], order: readonly string[]): string => {
  const section = sectionOf(document, begin, end);
  const lines = order.map((name) => {
    const result = results.find(({ scenario }) => scenario === name);
    return result === undefined ? (section.lines.find((line) => line.startsWith(`| ${name} |`)) ?? `| ${name} | ${notRun} | |`) : lineOf(result);
  });
  return section.with(['| scenario | last result | date |', '|---|---|---|', ...lines]);
};
