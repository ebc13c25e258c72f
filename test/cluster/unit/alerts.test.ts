// Whether the alerts of a scenario are judged, and told, as they must be.
import { expect, test } from '@jest/globals';
import { scenarios } from '../scenarios/index.ts';
import { alertNames } from '../watch/configuration.ts';
import { expectedOf, without, wrongIn } from '../watch/expected.ts';
import { type Sighting, withAlerts } from '../watch/table.ts';

const nothing = { fired: [], still: [] };

test('nothing is wrong where exactly the declared alerts fired, and cleared', () => {
  expect(wrongIn(nothing)).toEqual([]);
  expect(wrongIn({ fired: ['Red'], still: [] }, ['Red'])).toEqual([]);
});

test('a planned operation that fires anything is wrong, and so is a failure that fires another set', () => {
  expect(wrongIn({ fired: ['Red'], still: [] })).toEqual(['Red fired, which is not declared']);
  expect(wrongIn(nothing, ['Red'])).toEqual(['Red did not fire']);
  expect(wrongIn({ fired: ['Yellow'], still: ['Yellow'] }, ['Red', 'Yellow'])).toEqual([
    'Red did not fire',
    'Yellow did not clear',
  ]);
});

test('what is declared as uncertain may fire or not; what is declared to stay may fire at the end', () => {
  const declared = [
    { alert: 'Breaker', perhaps: 'memory' },
    { alert: 'Left', stays: 'an hour' },
  ];
  expect(wrongIn({ fired: ['Left'], still: ['Left'] }, declared)).toEqual([]);
  expect(wrongIn({ fired: ['Breaker', 'Left'], still: ['Breaker'] }, declared)).toEqual(['Breaker did not clear']);
});

test('what cannot fire here is not waited for, and wrong where it fires all the same', () => {
  const declared = without(['Red', 'ZoneLost'], ['ZoneLost']);
  expect(wrongIn({ fired: ['Red'], still: [] }, declared)).toEqual([]);
  expect(wrongIn({ fired: ['Red', 'ZoneLost'], still: [] }, declared)).toEqual([
    'ZoneLost fired, which is not declared',
  ]);
});

test('scenarios declare alerts that there are, each once', () => {
  const known = new Set(alertNames());
  for (const { name, alerts } of scenarios) {
    const declared = expectedOf(alerts).map(({ alert }) => alert);
    expect({ name, unknown: declared.filter((alert) => !known.has(alert)) }).toEqual({ name, unknown: [] });
    expect(new Set(declared).size).toBe(declared.length);
  }
});

const page = '# Title\n\n<!-- alerts: begin -->\n<!-- alerts: end -->\n\nThe end.\n';
const sighting = (scenario: string, more: Partial<Sighting> = {}): Sighting => ({
  scenario,
  declared: [],
  seen: nothing,
  date: '2026-01-02',
  ...more,
});

test('a scenario that runs alone replaces its own line only', () => {
  const before = withAlerts(page, [sighting('a'), sighting('b')], ['a', 'b']);
  const after = withAlerts(before, [sighting('b', { seen: { fired: ['Red'], still: ['Red'] } })], ['a', 'b']);
  expect(after).toContain('| a | none | none | yes | 2026-01-02 |');
  expect(after).toContain(
    '| b | none | Red, not cleared | **no**: Red fired, which is not declared; Red did not clear | 2026-01-02 |',
  );
  expect(after.match(/^\| /gm)).toHaveLength(4);
  expect(after).toMatch(/\n\nThe end\.\n$/);
});

test('the line of a scenario at which nobody looked says so, and what is declared with its reason', () => {
  const declared = ['Red', { alert: 'Yellow', perhaps: 'as it comes', stays: 'an hour' }];
  expect(withAlerts(page, [sighting('a', { declared, seen: 'ALERTS=off' })], ['a'])).toContain(
    '| a | Red, Yellow (perhaps: as it comes; stays: an hour) | not looked at (ALERTS=off) | ',
  );
});
