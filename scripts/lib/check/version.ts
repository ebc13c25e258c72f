// Versions of Kubernetes, as the API server says them: v1.35.0, v1.29.0-eks-1234.

/** NaN, which is neither less nor more than a number, where the text has none. */
export const minorOf = (version: string): number => Number(/v?1\.(\d+)/.exec(version)?.[1] ?? NaN);
