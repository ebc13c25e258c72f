// The stand-in keeps to the contract, and a stand-in that is changed does not.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { engine as anEngine, standIns } from '../support/needs/engine.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import type { Image } from './check.ts';
import { checks, openImage, runCheck } from './contract.ts';
import { must } from './docker.ts';
import { standIn } from './stand-in.ts';
import { violations } from './violations.ts';

const minutes = 60_000;

/** That the image does not start at all would be a finding of every check. */
const isAnother = /does not answer|failed with/;

suiteNeeding('the stand-in', [anEngine, standIns], () => {
  let opened: Awaited<ReturnType<typeof openImage>> & { readonly image: Image };

  beforeAll(async () => {
    const { engine, name } = await standIn();
    opened = await openImage(engine, name);
  }, 10 * minutes);

  afterAll(async () => {
    await opened?.close();
  }, 2 * minutes);

  test.each(checks.filter(({ cannotBeHad }) => cannotBeHad === undefined).map((check) => [check.name, check] as const))(
    'keeps to %s',
    async (_name, check) => {
      expect((await runCheck(opened.image, check)).finding).toBeUndefined();
    },
    10 * minutes,
  );

  test.each(violations.map((violation) => [violation.checks.join(', '), violation] as const))(
    'changed, breaks %s',
    async (_names, { checks: broken, run }) => {
      const { engine, name: image } = opened.image;
      const tag = `delivery-reviews/contract-violation:${broken[0] ?? ''}`;
      await must(
        engine,
        ['build', '--quiet', '--network=none', '--tag', tag, '-'],
        `FROM ${image}\nUSER 0\nRUN ${run}\nUSER 1000:0\n`,
        300,
      );
      const changed = await openImage(engine, tag);
      try {
        for (const name of broken) {
          const check = checks.find((candidate) => candidate.name === name);
          const { finding } = check === undefined ? {} : await runCheck(changed.image, check);
          expect({ name, finding }).toEqual({ name, finding: expect.any(String) });
          expect(finding).not.toMatch(isAnother);
        }
      } finally {
        await changed.close();
        await must(engine, ['rmi', '--force', tag]);
      }
    },
    10 * minutes,
  );
});
