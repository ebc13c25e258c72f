// Kubernetes quantities, as far as a look at a cluster needs them:
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** In bytes or cores. */
export const quantityOf = (quantity: string | number): number => {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity));
  return Number(match?.[1] ?? NaN) * (factors[match?.[2] ?? ''] ?? NaN);
};
