import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseQuantity } from '../../../../functions/elasticsearch-topology/src/topology/quantity.ts';

describe('A quantity', () => {
  test.each<[unknown, bigint]>([
    ['2Gi', 2n * 1024n ** 3n],
    ['1.5Gi', 3n * 512n * 1024n ** 2n],
    ['1500M', 1_500_000_000n],
    ['3e9', 3_000_000_000n],
    ['3E9', 3_000_000_000n],
    ['1e+3', 1000n],
    [3e9, 3_000_000_000n],
    [1e21, 10n ** 21n],
    ['1E', 10n ** 18n],
    ['1Ei', 1024n ** 6n],
    ['1P', 10n ** 15n],
    ['.5k', 500n],
    ['5.', 5n],
    ['+7', 7n],
    ['0', 0n],
    [0.5, 1n],
    ['1Ki', 1024n],
    ['1T', 10n ** 12n],
    ['-1Gi', -(1024n ** 3n)],
  ])('%p is %p', (value, units) => {
    expect(parseQuantity(value)).toBe(units);
  });

  test.each<[string, bigint]>([
    ['100m', 1n],
    ['2000m', 2n],
    ['1500m', 2n],
    ['1u', 1n],
    ['1n', 1n],
    ['1e-400', 1n],
  ])('%s is rounded up to %p, as Kubernetes does', (value, units) => {
    expect(parseQuantity(value)).toBe(units);
  });

  test.each([
    'much',
    '',
    ' 2Gi',
    '2Gi ',
    '2gi',
    '2K',
    '1e',
    '1e1.5',
    '1Ki1',
    '1,5Gi',
    '0x10',
    '--1',
    '.',
    '1e3Gi',
    'Gi',
    true,
    null,
    undefined,
    {},
    [2],
    NaN,
    Infinity,
  ])('%p is none', (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });

  test('of absurd size is still answered at once', () => {
    expect(parseQuantity('1e999999999')).toBe(10n ** 60n);
  });

  test('with a binary suffix is the number times a power of 1024', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(5), (number, power) => {
        expect(parseQuantity(`${number}${'KMGTPE'.charAt(power)}i`)).toBe(BigInt(number) * 1024n ** BigInt(power + 1));
      }),
    );
  });
});
