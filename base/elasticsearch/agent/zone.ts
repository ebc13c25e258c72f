// The zone of the Kubernetes node; "unknown" where nobody can tell, which counts as one more zone.

import type { Answer, Trouble } from '../../lib/answer.ts';
import { Refused } from '../../lib/environment.ts';
import type { Clock, Say } from './ports.ts';

/**
 * How long nobody may answer; the network of a new pod may open a moment after its start, where policies are enforced.
 */
const PATIENCE_SECONDS = 30;
const PAUSE_SECONDS = 2;

export interface ZoneQuestion {
  /** From the pod's own label: Kubernetes 1.35 and later. Empty before. */
  readonly ofPod: string;
  readonly node: string;
  readonly zoneOf: (node: string) => Promise<Answer<string | undefined>>;
  readonly say: Say;
  readonly clock: Clock;
  readonly sleep: (seconds: number) => Promise<void>;
}

// As Kubernetes writes labels: it becomes a line of elasticsearch.yml.
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;

export const findZone = async ({ ofPod, node, zoneOf, say, clock, sleep }: ZoneQuestion): Promise<string> => {
  if (ofPod !== '') return checked(ofPod);
  const begin = clock();
  let answer = await zoneOf(node);
  while (!answer.ok && isForNow(answer.trouble) && clock() - begin < PATIENCE_SECONDS) {
    await sleep(PAUSE_SECONDS);
    answer = await zoneOf(node);
  }
  if (answer.ok && answer.value !== undefined) return checked(answer.value);
  if (answer.ok)
    say(
      'WARN',
      `Kubernetes node ${node} has no label topology.kubernetes.io/zone: copies of a shard may share a zone.`,
    );
  else
    say(
      'WARN',
      `the zone of Kubernetes node ${node} is unknown (${answer.detail}): ${
        WAYS_OUT[answer.trouble] ?? 'it is looked up where pods are not told it, before Kubernetes 1.35'
      }. Until then copies of a shard may share a zone.`,
    );
  return 'unknown';
};

const SILENT =
  'the API server did not answer. Does a network policy, or a mesh whose proxy is not up yet, hold this container back';

/** What to do about each kind of failure: a right that is missing is not a connection that is. */
const WAYS_OUT: Partial<Record<Trouble, string>> = {
  forbidden: 'before Kubernetes 1.35 pods are not told it; add components/zone-lookup to the overlay',
  'no-answer': SILENT,
  'not-listening': SILENT,
  busy: 'the API server had no time',
};

const isForNow = (trouble: string): boolean =>
  trouble === 'no-answer' || trouble === 'not-listening' || trouble === 'busy' || trouble === 'not-understood';

const checked = (zone: string): string => {
  if (!LABEL.test(zone)) throw new Refused(`the zone '${zone}' is no value of a label`);
  return zone;
};

/**
 * With forced awareness a zone outside the list gets no replicas. `zones`: as the variable AWARENESS_ZONES has them.
 */
export const checkZone = (zone: string, zones: string, say: Say): void => {
  if (zones === '' || zones.split(',').includes(zone)) return;
  say(
    'WARN',
    `this node is in zone '${zone}', which is not among the configured zones '${zones}' (spec.zones of ` +
      'ElasticsearchTopology).',
  );
};
