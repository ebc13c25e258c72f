// The cluster as one node's answer describes it: typed, whole, and about this node. Every decision is a function of it.

export type CopyState = 'STARTED' | 'RELOCATING' | 'INITIALIZING' | 'UNASSIGNED';

/**
 * One copy of one shard. One that moves is listed once, as RELOCATING on the node where it is and is still in use: the
 * cluster state leaves its target out.
 */
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
  /** As the node says it, where it is asked for: "9.5.3". */
  readonly version?: string;
}

export interface Picture {
  readonly clusterUuid: string;
  readonly me: Member;
  readonly members: ReadonlyMap<string, Member>;
  /** The elected master's id. An answer without one is no picture, but "no-master". */
  readonly master: string;
  /** Ids of the last committed voting configuration. */
  readonly voters: readonly string[];
  readonly votesGivenUp: readonly VotingExclusion[];
  readonly copies: readonly Copy[];
  readonly settings: Settings;
}

/** A node that gave up its vote. Elasticsearch writes "_absent_" for the half that it does not know. */
export interface VotingExclusion {
  readonly id: string;
  readonly name: string;
}

/** Settings of the cluster that the agent reads. */
export interface Settings {
  /** The persistent cluster.routing.allocation.exclude._name: the one that agents write. May hold patterns ("*"). */
  readonly excluded: readonly string[];
  /** The transient one, which only people write. Where there is one, the persistent one has no effect. */
  readonly excludedForNow: readonly string[] | undefined;
  /** cluster.metadata.delivery-reviews.*: what the agents wrote, by key without that prefix. */
  readonly notes: ReadonlyMap<string, string>;
}
