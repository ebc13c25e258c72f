// The second table of docs/availability.md: when each scenario ran last, and how it ended.
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
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document must hold "${begin}" and, after it, "${end}"`);
  const old = document.slice(from, to).split('\n');
  const lines = order.map((name) => {
    const result = results.find(({ scenario }) => scenario === name);
    return result === undefined ? (old.find((line) => line.startsWith(`| ${name} |`)) ?? `| ${name} | ${notRun} | |`) : lineOf(result);
  });
  return document.slice(0, from) + [begin, '| scenario | last result | date |', '|---|---|---|', ...lines, ''].join('\n') + document.slice(to);
};
