// The manifest's variables, and those that are refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSettings } from '../../components/reviews-probe/program/settings.ts';
import { SECONDS } from '../../components/reviews-probe/program/watched.ts';
import { root } from '../../scripts/lib/paths.ts';
import { probeEnvironment } from '../reviews/support/probe.ts';

const page = readFileSync(join(root, 'docs/slo.md'), 'utf8');
const rules = readFileSync(join(root, 'components/monitoring/prometheus/rules.yml'), 'utf8');

test('the bounds are those of docs/slo.md', () => {
  const { search, write, foundWithinSeconds, startSeconds } = readSettings(probeEnvironment());
  expect({ search, write, foundWithinSeconds, startSeconds }).toEqual({
    search: { everySeconds: 5, withinSeconds: 5 },
    write: { everySeconds: 10, withinSeconds: 10 },
    foundWithinSeconds: 30,
    startSeconds: 600,
  });
  expect(page).toContain(`within ${search.withinSeconds} s, tries included`);
  expect(page).toContain(`within ${write.withinSeconds} s, tries included`);
});

test.each([
  ['search answers', 'search_errors'],
  ['search is quick', 'search_slow'],
  ['a review is taken', 'write_errors'],
  ['a review is found', 'found_late'],
])('the objective of "%s" is the one that alerts have', (row, series) => {
  const percent = Number(new RegExp(`^\\| ${row} \\|[^|]*\\| ([0-9.]+) % \\|`, 'm').exec(page)?.[1]);
  const budgets = [...rules.matchAll(new RegExp(`reviews:${series}:ratio_rate\\w+ > ([0-9.]+) \\* ([0-9.]+)`, 'g'))];
  expect(budgets.map(([, factor]) => Number(factor))).toEqual([14.4, 14.4, 6, 6]);
  for (const [, , budget] of budgets) expect(Number(budget)).toBeCloseTo(1 - percent / 100, 9);
});

test('the histograms have the bounds of the objectives', () => {
  const bounds = [...page.matchAll(/comes within (\d+) s|^\| a review is found \| (\d+) s after/gm)];
  expect(bounds.map(([, quick, found]) => Number(quick ?? found))).toEqual([1, 5]);
  expect([...SECONDS]).toEqual(expect.arrayContaining([1, 5]));
  expect([...new Set(rules.match(/le="[^"]+"/g))].sort()).toEqual(['le="1.0"', 'le="5.0"']);
});

test.each([
  ['SEARCH_WITHIN_SECONDS', '6', 'SEARCH_WITHIN_SECONDS must not be more than SEARCH_EVERY_SECONDS'],
  ['WRITE_EVERY_SECONDS', '5', 'WRITE_WITHIN_SECONDS must not be more than WRITE_EVERY_SECONDS'],
  ['TRY_SECONDS', '0', 'TRY_SECONDS must be at least 1'],
  ['FOUND_WITHIN_SECONDS', 'soon', 'FOUND_WITHIN_SECONDS must be a whole number'],
  ['METRICS_PORT', '', 'METRICS_PORT must be a port'],
  ['LOGIN', '', 'LOGIN must be given'],
])('%s=%s is refused', (name, value, why) => {
  expect(() => readSettings({ ...probeEnvironment(), [name]: value })).toThrow(why);
});

test('an address with a login in it is refused, and not quoted', () => {
  const read = (): unknown => readSettings({ ...probeEnvironment(), ELASTICSEARCH_URL: 'https://a:secret@b:9200/' });
  expect(read).toThrow('ELASTICSEARCH_URL must be an address');
  expect(read).not.toThrow('secret');
});
