/** The current context is one of a cluster that does not answer; the one of before is still there. */
export const withAnotherContext = (kubeconfig: string, port: number): string => {
  const { contexts, clusters, ...rest } = JSON.parse(kubeconfig) as { contexts: unknown[]; clusters: unknown[] };
  return JSON.stringify({
    ...rest,
    'current-context': 'another',
    contexts: [...contexts, { name: 'another', context: { cluster: 'another', user: 'admin' } }],
    clusters: [...clusters, { name: 'another', cluster: { server: `https://127.0.0.1:${port}` } }],
  });
};
