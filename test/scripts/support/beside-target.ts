// A suite of tests of the commands: a copy of the repository, and an API server that KUBECONFIG names.
import { afterAll, beforeAll } from '@jest/globals';
import { apiServer, kubectl } from '../../support/needs/programs.ts';
import { suiteNeeding } from '../../support/needs/suite.ts';
import { type Checkout, checkout } from './checkout.ts';
import { startTarget, type Target } from './kubectl.ts';

export interface Bed {
  target: Target;
  copy: Checkout;
}

/** Both are in the bed from the suite's own first hook on, until its last one. */
export const besideTarget = (name: string, suite: (bed: Bed) => void): void =>
  suiteNeeding(name, [apiServer, kubectl], () => {
    const bed = {} as Bed;
    beforeAll(async () => {
      bed.target = await startTarget();
      bed.copy = checkout();
    }, 150_000);
    suite(bed);
    afterAll(async () => {
      bed.copy?.remove();
      await bed.target?.stop();
    });
  });
