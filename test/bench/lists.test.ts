// A list that the function refuses would be measured as the fastest of all, or not at all.
import { expect, test } from '@jest/globals';
import { call } from '../function/support/call.ts';
import { longList, prodList } from './lists.ts';

test.each([
  ['prod', prodList()],
  ['100 resources', longList(100)],
])('the function takes the list of %s, and has work to do in it', (_, list) => {
  const { code, stdout } = call(list);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^results:$/m);
  expect(stdout).toContain('the size of the heap');
});
