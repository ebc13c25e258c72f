import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { run } from '../../functions/elasticsearch-topology/src/run.ts';
import { call } from './support/call.ts';
import { broken } from './support/law.ts';
import { generate } from './support/lists.ts';

const lists = fc.uint8Array({ minLength: 1, maxLength: 3000, size: 'max' }).map(generate);

jest.setTimeout(150_000);

describe('For every list, whatever it looks like', () => {
  test('what comes out is what came in, with the planned edits and nothing else changed', () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(broken(list, call(list.text))).toEqual([]);
      }),
      { numRuns: 1000, interruptAfterTimeLimit: 100_000 },
    );
  });

  test('any bytes at all give an exit code and a message, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), lists, fc.nat(), (noise, { text }, at) => {
        const bytes = Buffer.from(text);
        const place = at % (bytes.length + 1);
        const { code, stdout, stderr } = run(Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place)]));
        if (code === 0) expect(stdout.length).toBeGreaterThan(0);
        else expect(stderr.length).toBeGreaterThan(0);
      }),
      { numRuns: 500, interruptAfterTimeLimit: 100_000 },
    );
  });
});
