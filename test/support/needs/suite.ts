// The one way to skip tests: a suite names what it needs, and the report at the end says which could not be had.
import { beforeAll, describe } from '@jest/globals';
import { MAKE_MS } from '../lab-home.ts';
import { type Need, skippedTitle } from './need.ts';

/** What can be made is made before the suite's own first hook. */
export const suiteNeeding = (name: string, needs: readonly Need[], suite: () => void): void => {
  const missing = needs.filter(({ lack }) => lack() !== undefined);
  const [kind, title] = missing.length > 0 ? [describe.skip, skippedTitle(name, missing)] : [describe, name];
  kind(title, () => {
    beforeAll(async () => {
      for (const { make } of needs) await make?.();
    }, MAKE_MS);
    suite();
  });
};
