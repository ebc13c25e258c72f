// docs/availability.md: rows of scenarios that ran replace their old ones, all others stay.
import type { Row } from './row.ts';
import { lineOf, sectionOf } from './section.ts';

const begin = '<!-- measured: begin -->';
const end = '<!-- measured: end -->';

const columns = [
  'scenario',
  'acknowledged writes',
  'lost writes',
  'search errors',
  'longest write gap',
  'longest search gap',
  'time to green',
  'ever red',
  'elections',
  'pods restarted',
  'note',
] as const;

const unknown = '–';
const gap = (seconds: number | undefined): string => (seconds === undefined ? unknown : `${seconds.toFixed(1)} s`);
const yesOrNo = (value: boolean | undefined): string => (value === undefined ? unknown : value ? 'yes' : 'no');
const green = (seconds: number | undefined): string =>
  seconds === undefined
    ? 'always green'
    : Number.isFinite(seconds)
      ? `${Math.round(seconds)} s`
      : 'not green at the end';

const cells = (row: Row): string[] => [
  row.scenario,
  String(row.acknowledged),
  String(row.lost),
  row.searchErrors === undefined ? unknown : String(row.searchErrors),
  gap(row.writeGapSeconds),
  gap(row.searchGapSeconds),
  green(row.greenAfterSeconds),
  yesOrNo(row.everRed),
  String(row.elections),
  String(row.restarted),
  row.note,
];

const nameOf = (line: string): string => line.split('|')[1]?.trim() ?? '';

/** `order` are the names of all scenarios, as the suite has them; rows of others are dropped. */
export const withRows = (document: string, rows: readonly Row[], order: readonly string[], testBed: string): string => {
  const section = sectionOf(document, begin, end);
  const known = new Map(
    section.lines
      .filter((line) => line.startsWith('| ') && !['scenario', '---'].includes(nameOf(line)))
      .map((line) => [nameOf(line), line]),
  );
  for (const row of rows) known.set(row.scenario, lineOf(cells(row)));
  const position = (name: string): number =>
    order.findIndex((scenario) => name === scenario || name.startsWith(`${scenario}: `));
  const table = [...known.entries()]
    .filter(([name]) => position(name) >= 0)
    .sort(([a], [b]) => position(a) - position(b))
    .map(([, line]) => line);
  return section.with([testBed, '', lineOf(columns), lineOf(columns.map(() => '---')), ...table]);
};
