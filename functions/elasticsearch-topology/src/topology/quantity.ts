/**
 * A Kubernetes quantity in whole units, rounded up as Kubernetes does, or undefined where it is none. Every form that
 * the API takes is understood: `1500M`, `1.5Gi`, `3e9`, `1E`, `1Ei`, `2000m`, and numbers without quotes.
 */
export function parseQuantity(value: unknown): bigint | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, number = '', binary, decimal, exponent] = match;
  const [whole = '', fraction = ''] = number.split('.');
  // Beyond these bounds every quantity is 0 or more than any machine has; they keep the numbers small.
  const given = Math.max(-60, Math.min(60, Number(exponent ?? 0)));
  const tens = given + (decimal === undefined ? 0 : (DECIMAL[decimal] ?? 0)) - fraction.length;
  const twos = binary === undefined ? 0n : 10n * BigInt('KMGTPE'.indexOf(binary.charAt(0)) + 1);
  const scaled = BigInt(`${whole}${fraction}`) << twos;
  const units = tens >= 0 ? scaled * 10n ** BigInt(tens) : divideUp(scaled, 10n ** BigInt(-tens));
  return sign === '-' ? -units : units;
}

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

const divideUp = (number: bigint, by: bigint): bigint => (number + by - 1n) / by;
