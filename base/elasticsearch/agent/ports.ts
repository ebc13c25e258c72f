// The two machines that the agent asks, as its decisions need them. The clients (elasticsearch.ts, kubernetes.ts) and
// the simulated cluster of the tests implement them. No method throws: whatever goes wrong is an answer.

import type { Answer } from '../../lib/answer.ts';
import type { Member, Picture } from './picture.ts';
import type { Decided, Recorder } from './watched.ts';

/** A change that was carried out, by the elected master or by the API server. */
export type Done = Answer<undefined>;

/** From GET /_cluster/health; numbers are of shards, and of fetches of shard data from nodes. */
export interface Health {
  readonly status: 'green' | 'yellow' | 'red';
  readonly relocating: number;
  readonly initializing: number;
  readonly unassigned: number;
  readonly delayedUnassigned: number;
  readonly inFlightFetch: number;
}

/** Of the elected master, and of the cluster that the node belongs to, whichever is known. */
export interface MasterLook {
  readonly id: string;
  readonly clusterUuid: string;
}

export interface Elasticsearch {
  /**
   * Who answers on the own port, now: parseSelf() of parse.ts over SELF_QUESTION and NODES_QUESTION. Small, and needs
   * no master: both are answered from what the node itself knows.
   */
  readonly self: () => Promise<Answer<Member>>;
  /**
   * The whole picture: parsePicture() of parse.ts over SELF_QUESTION, SETTINGS_QUESTION and STATE_QUESTION, asked one
   * after the other in this order. Elasticsearch 9 answers the last two from the state that this node has applied: so a
   * picture whose settings show an own write knows everything that was committed before that write, in its shards too.
   * "no-master" where none is elected (200 with "master_node": null).
   */
  readonly picture: () => Promise<Answer<Picture>>;
  /** parseMaster() over MASTER_QUESTION. Small, whatever the number of shards. */
  readonly master: () => Promise<Answer<MasterLook>>;
  /**
   * parseRecovered() over BLOCKS_QUESTION: whether this node has a cluster's state. Needs no master. False after a
   * start until it has joined a cluster that has recovered its own; then true, also while it has lost its master.
   */
  readonly recovered: () => Promise<Answer<boolean>>;
  /**
   * GET /_cluster/health. `settled`: only when the master has no task left to do (wait_for_events=languid&timeout=3s);
   * 408, or "timed_out": true, is "busy".
   */
  readonly health: (settled: boolean) => Promise<Answer<Health>>;
  /**
   * PUT /_cluster/settings, persistent, all keys in one request: full name of a setting to its value; null takes it
   * away. Good as soon as the master says 200, also with "acknowledged": false (a node that is slow to apply it). Asked
   * with master_timeout=10s&timeout=10s and a deadline of at most 15 s: turn.ts counts on an unanswered write having
   * taken effect within UNSURE_SECONDS, or never.
   */
  readonly changeSettings: (changes: ReadonlyMap<string, string | null>) => Promise<Done>;
  /**
   * POST /_cluster/voting_config_exclusions?node_names=NAME&timeout=... : good when the node is out of the voting
   * configuration. A client-side deadline above the timeout.
   */
  readonly giveUpVote: (name: string, timeoutSeconds: number) => Promise<Done>;
  /** The same by ids (node_ids=ID,ID), for voters that are no members any more and so have no name. */
  readonly giveUpVotesOf: (ids: readonly string[], timeoutSeconds: number) => Promise<Done>;
  /** DELETE /_cluster/voting_config_exclusions?wait_for_removal=false: everybody's, at once. */
  readonly clearVotingExclusions: () => Promise<Done>;
}

/** From the StatefulSet of this pod. */
export interface StatefulSetLook {
  /** spec.replicas */
  readonly replicas: number;
  /** spec.ordinals.start, 0 where there is none. */
  readonly first: number;
  /** It has a deletionTimestamp. */
  readonly deleted: boolean;
  /** Its metadata.finalizers has "orphan": it is being deleted with --cascade=orphan, and its pods are to go on. */
  readonly keepsPods: boolean;
  /** spec.persistentVolumeClaimRetentionPolicy.whenScaled is Delete: a node that leaves loses its disk. */
  readonly deletesClaims: boolean;
}

/** From this pod. */
export interface PodLook {
  /**
   * metadata.deletionGracePeriodSeconds: from its deletion to the kill, as whoever deleted it has said, or the pod
   * itself where nobody did. Only ever shortened, and then still counted from the first deletion; undefined while it is
   * not being deleted.
   */
  readonly graceSeconds: number | undefined;
}

export interface NamespaceLook {
  /** status.phase is Terminating: its pods end first, while the StatefulSet still stands. */
  readonly terminating: boolean;
}

/** Lease elasticsearch-restart. */
export interface LeaseLook {
  /** spec.holderIdentity; undefined where it is missing or empty: given back. */
  readonly holder: string | undefined;
  /** metadata.resourceVersion: changes with each renewal. */
  readonly version: string;
}

/** ConfigMap elasticsearch-formed. */
export interface Formed {
  readonly clusterUuid: string;
  /** data.voters, read with parseVoters() of voters.ts; undefined where nobody has written it (previous versions). */
  readonly voters: string | undefined;
}

export interface Kubernetes {
  /** "absent" (404) where there is none. */
  readonly statefulSet: () => Promise<Answer<StatefulSetLook>>;
  readonly namespace: () => Promise<Answer<NamespaceLook>>;
  /** "absent" where it was deleted by force. */
  readonly pod: () => Promise<Answer<PodLook>>;
  /** "absent" where nobody has ever taken it. */
  readonly lease: () => Promise<Answer<LeaseLook>>;
  /**
   * Server-side apply of holderIdentity = this pod, leaseDurationSeconds and renewTime, fieldManager = this pod, not
   * forced: taken or renewed. "conflict" (409) where another pod has it.
   */
  readonly holdLease: (leaseSeconds: number) => Promise<Answer<LeaseLook>>;
  /** The same with force=true and metadata.resourceVersion: "conflict" where it has changed since it was read. */
  readonly takeLease: (leaseSeconds: number, version: string) => Promise<Answer<LeaseLook>>;
  /** An apply without a spec by this pod's manager gives back what this pod holds; another's is not touched. */
  readonly giveLeaseBack: () => Promise<Done>;
  /** "absent" where the cluster has not formed yet. Asked of the API server, not read from the mounted folder. */
  readonly formed: () => Promise<Answer<Formed>>;
  /**
   * Server-side apply of data.cluster_uuid, fieldManager = this pod, not forced. "conflict": another cluster is known.
   */
  readonly markFormed: (clusterUuid: string) => Promise<Done>;
  /**
   * Server-side apply of data.voters alone, one fieldManager for all pods ("elasticsearch-voters"), forced: whoever
   * knows better writes it. Only ever after markFormed() or formed() was good.
   */
  readonly noteVoters: (voters: string) => Promise<Done>;
}

/** What the agent's own files say; each read when asked, never kept. */
export interface Files {
  /**
   * /run/agent/start: the name of this start of the container, as the probe writes it; undefined while there is none.
   */
  start(): Promise<string | undefined>;
  /** Writes /run/agent/admitted/NAME. */
  admit(name: string): Promise<void>;
  admitted(name: string): Promise<boolean>;
  /** Takes the name away: of a container that does not run any more. */
  forgetStart(): Promise<void>;
  /** The mounted marker (formed/cluster_uuid), trimmed; undefined where it is missing or empty. */
  knownCluster(): Promise<string | undefined>;
}

/** Seconds since some moment, monotonic: never the wall clock, which may be set. */
export type Clock = () => number;

/** One line in the log of this pod; `decided`: what was decided, where it tells of a decision. */
export type Say = (level: 'INFO' | 'WARN', message: string, decided?: Decided) => void;

/** How long each wait may take, in seconds; from the variables of the same names. */
export interface Waits {
  readonly READY_RECOVERY_SECONDS: number;
  readonly READY_STALL_SECONDS: number;
  readonly PRE_STOP_SPARE_SECONDS: number;
  readonly PRE_STOP_MOVE_SECONDS: number;
  readonly PRE_STOP_BLIND_SECONDS: number;
  readonly PRE_STOP_DRAIN_SECONDS: number;
  readonly SHUTDOWN_SECONDS: number;
}

/** What main.ts hands to stop.ts and agent.ts. */
export interface World {
  readonly podName: string;
  readonly elasticsearch: Elasticsearch;
  readonly kubernetes: Kubernetes;
  readonly files: Files;
  readonly clock: Clock;
  readonly say: Say;
  readonly record: Recorder;
  /** Resolves after that many seconds. */
  readonly sleep: (seconds: number) => Promise<void>;
  readonly waits: Waits;
}

/** What stop.ts gives to the socket, as createStop(world). */
export interface Stop {
  /**
   * Starts the stop, or joins the one that goes on; at once. `elapsed`: seconds since the hook began, so that an agent
   * that was started in the middle of a stop counts its waits from there.
   * `go`: Elasticsearch may be stopped now. `reasons`: what is new since the last ask, for the main container's log.
   */
  ask(elapsed: number): { readonly go: boolean; readonly reasons: readonly string[] };
  /**
   * A person says so: the next ask is answered with `go`. False where no stop goes on: what was said then must not end
   * the wait of a later one. Logged by the caller.
   */
  letGo(): boolean;
  /** For GET /status. */
  status(): { readonly way: string; readonly reason: string; readonly since: number | undefined };
  /** A stop has begun: the loop of agent.ts neither admits nor tidies any more. */
  readonly begun: boolean;
}

/** What agent.ts gives to main.ts and the socket, as createAgent(world, stop). */
export interface Agent {
  /** Serves until the signal; never throws. */
  run(signal: AbortSignal): Promise<void>;
  /** For GET /status: JSON that people and programs read. */
  status(): Readonly<Record<string, unknown>>;
}
