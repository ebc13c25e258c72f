import { expect, test } from '@jest/globals';
import { withRows } from '../harness/document.ts';
import { type Proof, type Result, withProofs, withResults } from '../harness/results.ts';
import type { Row } from '../harness/row.ts';

const row = (scenario: string, acknowledged: number): Row => ({
  scenario,
  acknowledged,
  lost: 0,
  searchErrors: 0,
  writeGapSeconds: 1.25,
  searchGapSeconds: 0.5,
  greenAfterSeconds: undefined,
  everRed: false,
  elections: 0,
  restarted: 0,
  note: '',
});
const empty = '# Title\n\n<!-- measured: begin -->\n<!-- measured: end -->\n\nThe end.\n';
const order = ['first', 'scaling', 'last'];
const names = (document: string): string[] =>
  document
    .split('\n')
    .filter((line) => /^\| \w/.test(line))
    .map((line) => line.split(' | ')[0]?.slice(2) ?? '');

test('rows stand in the order of the scenarios, and the text around them stays', () => {
  const document = withRows(
    empty,
    [row('last', 1), row('scaling: 3 to 5', 2), row('first', 3)],
    order,
    'Last run: today.',
  );
  expect(names(document)).toEqual(['scenario', 'first', 'scaling: 3 to 5', 'last']);
  expect(document).toMatch(/^# Title\n\n<!-- measured: begin -->\nLast run: today\.\n\n\| scenario/);
  expect(document).toMatch(/<!-- measured: end -->\n\nThe end\.\n$/);
});

test('a scenario that runs alone replaces its own row only', () => {
  const before = withRows(empty, [row('first', 1), row('last', 1)], order, '');
  const after = withRows(before, [row('last', 77)], order, '');
  expect(names(after)).toEqual(['scenario', 'first', 'last']);
  expect(after).toContain('| last | 77 |');
  expect(after).toContain('| first | 1 |');
});

test('the row of a scenario that is no more goes', () => {
  const before = withRows(empty, [row('first', 1), row('last', 1)], order, '');
  expect(names(withRows(before, [], ['last'], ''))).toEqual(['scenario', 'last']);
});

test('a document without a place for the table is refused', () => {
  expect(() => withRows('# Title', [], order, '')).toThrow('measured: begin');
});

test('results of scenarios that ran replace their old ones, and those that never ran are named', () => {
  const result = (scenario: string, passed: boolean): Result => ({
    scenario,
    passed,
    seconds: 61.2,
    date: '2026-01-02',
  });
  const nothing = '<!-- results: begin -->\n<!-- results: end -->\n';
  const before = withResults(nothing, [result('first', false), result('last', true)], order);
  const after = withResults(before, [result('first', true)], order);
  expect(after.split('\n').slice(3, 6)).toEqual([
    '| first | passed in 61 s | 2026-01-02 |',
    '| scaling | not run on this test bed yet | |',
    '| last | passed in 61 s | 2026-01-02 |',
  ]);
  expect(before).toContain('| first | **failed** in 61 s |');
});

test('a proof that was made alone replaces its own line only', () => {
  const page = '# Title\n\n<!-- safeguards: begin -->\n<!-- safeguards: end -->\n';
  const proof = (safeguard: string, failure: string): Proof => ({
    safeguard,
    what: 'nothing',
    scenario: 'first',
    failure,
    date: '2026-01-02',
  });
  const before = withProofs(page, [proof('b', 'red'), proof('a', 'late')], ['a', 'b']);
  const after = withProofs(before, [proof('b', 'lost')], ['a', 'b']);
  expect(names(after)).toEqual(['safeguard', 'a', 'b']);
  expect(after).toContain('| a | nothing | first | late | 2026-01-02 |');
  expect(after).toContain('| b | nothing | first | lost | 2026-01-02 |');
});
