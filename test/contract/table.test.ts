import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { sectionOf } from '../cluster/harness/section.ts';
import { checks } from './contract.ts';
import { begin, end, tableOf } from './table.ts';
import { violations } from './violations.ts';

test("the README's table is the contract (renew it with npm run contract:table)", () => {
  const page = readFileSync(join(root, 'test/lab/elasticsearch/README.md'), 'utf8');
  expect(sectionOf(page, begin, end).lines.filter((line) => line !== '')).toEqual(tableOf(checks));
});

test('every name is used once, and every violation is of a check that the stand-in holds', () => {
  const names = checks.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const held = new Set(checks.filter(({ cannotBeHad }) => cannotBeHad === undefined).map(({ name }) => name));
  expect(violations.flatMap((violation) => violation.checks).filter((name) => !held.has(name))).toEqual([]);
});
