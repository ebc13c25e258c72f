import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { safeguards, scenarioNamed } from '../safeguards.ts';
import { scenarios } from '../scenarios/index.ts';

const readme = join(root, 'test/cluster/README.md');
const begin = '<!-- scenarios: begin -->\n';
const end = '<!-- scenarios: end -->';

test('README.md lists every scenario, as the suite has it', () => {
  const text = readFileSync(readme, 'utf8');
  const head = '| name | set | what it shows |\n|---|---|---|\n';
  const table = head + scenarios.map(({ name, set, does }) => `| ${name} | ${set} | ${does} |\n`).join('');
  const expected = text.slice(0, text.indexOf(begin) + begin.length) + table + text.slice(text.indexOf(end));
  if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(readme, expected);
  else expect(text).toBe(expected);
});

test('no two scenarios have the same name, and none has a name that begins like another and a colon', () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
});

test('each safeguard has a name of its own and a scenario that exists', () => {
  const names = safeguards.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { scenario } of safeguards) expect(scenarioNamed(scenario).name).toBe(scenario);
});
