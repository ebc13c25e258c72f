// The cluster as one node's answer describes it: typed, whole, and about this node. Every decision is a function of it.

export type CopyState = 'STARTED' | 'RELOCATING' | 'INITIALIZING' | 'UNASSIGNED';

/** One copy of one shard. A shard that moves is two: RELOCATING where it is, INITIALIZING where it goes. */
export interface Copy {
  readonly index: string;
  readonly shard: number;
  readonly state: CopyState;
  /** The id of the node that has it; undefined while unassigned. */
  readonly node: string | undefined;
  readonly primary: boolean;
}

export interface Member {
  readonly id: string;
  readonly ephemeralId: string;
  readonly name: string;
}

export interface Picture {
  readonly clusterUuid: string;
  readonly me: Member;
  readonly members: ReadonlyMap<string, Member>;
  /** The elected master's id. An answer without one is no picture, but "no-master". */
  readonly master: string;
  /** Ids of the last committed voting configuration. */
  readonly voters: readonly string[];
  /** Names in the voting exclusions. */
  readonly votesGivenUp: readonly string[];
  readonly copies: readonly Copy[];
  readonly settings: Settings;
}

/** Persistent and transient settings of the cluster that the agent reads; each list as Elasticsearch has it. */
export interface Settings {
  /** cluster.routing.allocation.exclude._name */
  readonly excluded: readonly string[];
  /** cluster.metadata.delivery-reviews.*: what the agents wrote, by key without that prefix. */
  readonly notes: ReadonlyMap<string, string>;
}
