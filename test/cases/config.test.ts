// The exec form runs the function however its config is written: kustomize itself has read it by then.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSeconds, renderFolder } from '../render/harness.ts';
import { caseNames, checkoutWithCases, heapOf } from './support.ts';

let copy = '';
let remove: () => void = () => undefined;
beforeAll(() => {
  ({ copy, remove } = checkoutWithCases());
});
afterAll(() => remove());

const names = caseNames().filter((name) => name.startsWith('config-'));

test.each(names)(
  '%s',
  async (name) => {
    expect(heapOf(await renderFolder(`overlays/${name}`, copy))).toBe('640m');
  },
  buildSeconds,
);

test('it is written in several ways', () => {
  expect(names.length).toBeGreaterThan(5);
});
