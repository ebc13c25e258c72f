import { describe, expect, test } from '@jest/globals';
import { call, callBundle } from './support/call.ts';
import { examples } from './support/examples.ts';

const cases = examples();

describe.each(cases.map((example) => [example.name.replaceAll('-', ' '), example] as const))('%s', (name, example) => {
  const got = call(example.input);

  test('gives the expected list and lines on standard error', () => {
    const { stdout, stderr } = got;
    expect({ stdout, stderr }).toEqual(example.expected({ stdout, stderr }));
  });

  test('exits with 1 where there is an error, else with 0', () => {
    const isError = name.startsWith('error ');
    expect(got.code).toBe(isError ? 1 : 0);
    expect(got.stderr.includes('error: ')).toBe(isError);
  });

  test('changes no byte when it runs over its own output', () => {
    if (got.stdout === '') return;
    expect(call(got.stdout)).toEqual(got);
  });

  test('gives the same bytes as a bundle', () => {
    expect(callBundle(example.input)).toEqual(got);
  });
});

test('the examples are no fewer than the cases that they once were', () => {
  expect(cases.length).toBeGreaterThanOrEqual(30);
});
