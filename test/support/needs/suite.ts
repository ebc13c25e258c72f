// The one way to skip tests: a suite names what it needs, and where that is not to be had the report at the end says so.
import { beforeAll, describe } from '@jest/globals';
import { MAKE_MS } from '../lab-home.ts';
import { type Need, skippedTitle } from './need.ts';

/** What can be made is made before the suite's own first hook. */
export const suiteNeeding = (name: string, needs: readonly Need[], suite: () => void): void => {
  const missing = needs.filter(({ lack }) => lack() !== undefined);
  if (missing.length > 0) {
    describe.skip(skippedTitle(name, missing), suite);
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      for (const { make } of needs) await make?.();
    }, MAKE_MS);
    suite();
  });
};
