// Whether pods stay ready while something happens to the rest.
import { elasticsearchPods } from './kube.ts';
import { pause } from './say.ts';

/** The Elasticsearch pods that were seen not ready during the work. */
export const unreadyDuring = async (namespace: string, work: () => Promise<void>): Promise<string[]> => {
  const seen = new Set<string>();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const { name, ready } of await elasticsearchPods(namespace).catch(() => [])) if (!ready) seen.add(name);
      await pause(1);
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await watching;
  }
  return [...seen].sort();
};
