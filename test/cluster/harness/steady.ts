// Whether pods stay ready while something happens to the rest.
import { elasticsearchPods, type Pod } from './kube.ts';
import { pause } from './say.ts';

/** Moves with each return to the Service, however short the absence was. */
const readySince = ({ raw }: Pod): string | undefined =>
  raw.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;

/** Those of the pods, all of which were ready, that are not, or were not for a moment in between. */
export const leftTheService = (before: readonly Pod[], after: readonly Pod[]): string[] =>
  before
    .filter((old) => {
      const now = after.find(({ name }) => name === old.name);
      return now?.ready !== true || now.uid !== old.uid || readySince(now) !== readySince(old);
    })
    .map(({ name }) => name);

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
