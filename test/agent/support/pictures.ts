// Pictures of a cluster in few words.

import type { Copy, Picture } from '../../../base/elasticsearch/agent/picture.ts';
import type { Health } from '../../../base/elasticsearch/agent/ports.ts';

export interface Sketch {
  readonly me?: string;
  readonly members?: readonly string[];
  /** Names; by default all members. */
  readonly voters?: readonly string[];
  readonly master?: string;
  /** Lines "INDEX STATE NODE"; the first line of an index is its primary. */
  readonly copies?: readonly string[];
  readonly excluded?: readonly string[];
  readonly excludedForNow?: readonly string[];
  readonly votesGivenUp?: readonly string[];
  readonly notes?: Readonly<Record<string, string>>;
  /** By member. */
  readonly versions?: Readonly<Record<string, string>>;
}

export const pod = (ordinal: number): string => `elasticsearch-${ordinal}`;
export const pods = (count: number): string[] => Array.from({ length: count }, (_, i) => pod(i));

const states = ['STARTED', 'RELOCATING', 'INITIALIZING', 'UNASSIGNED'] as const;

const copyOf = (line: string, seen: Set<string>): Copy => {
  const [index = '', word, node] = line.split(' ');
  const state = states.find((known) => known === word);
  if (state === undefined) throw new Error(`no state in "${line}"`);
  const primary = !seen.has(index);
  seen.add(index);
  return { index, shard: 0, state, node: node === undefined ? undefined : `id-${node}`, primary };
};

export const picture = ({
  me = pod(1),
  members = pods(3),
  voters = members,
  master = members[0] ?? me,
  copies = [],
  excluded = [],
  excludedForNow,
  votesGivenUp = [],
  notes = {},
  versions = {},
}: Sketch = {}): Picture => {
  const seen = new Set<string>();
  const nodes = new Map(
    members.map((name) => {
      const version = versions[name];
      return [
        `id-${name}`,
        { id: `id-${name}`, name, ephemeralId: `start-${name}`, ...(version === undefined ? {} : { version }) },
      ];
    }),
  );
  return {
    clusterUuid: 'uuid',
    me: { id: `id-${me}`, name: me, ephemeralId: `start-${me}` },
    members: nodes,
    master: `id-${master}`,
    voters: voters.map((name) => `id-${name}`),
    votesGivenUp: votesGivenUp.map((name) => ({ id: `id-${name}`, name })),
    copies: copies.map((line) => copyOf(line, seen)),
    settings: { excluded, excludedForNow, notes: new Map(Object.entries(notes)) },
  };
};

export const health = (change: Partial<Health> = {}): Health => ({
  status: 'yellow',
  relocating: 0,
  initializing: 0,
  unassigned: 0,
  delayedUnassigned: 0,
  inFlightFetch: 0,
  ...change,
});
