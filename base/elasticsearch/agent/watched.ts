// What of the agent can be watched: words from fixed lists and a few numbers, so that nothing of it grows with the
// cluster. The lists are labels of metrics and fields of the log: whoever changes a word breaks somebody's alert.

import type { Answer, Trouble } from '../../lib/answer.ts';

export const PHASES = [
  /** The configuration for this start of the pod is being made, or was refused. */
  'preparing',
  /** Not admitted yet since the start of its container. */
  'starting',
  'serving',
  /** A stop has begun, and nobody knows yet of which kind. */
  'stopping',
  'stopping-restart',
  'stopping-decommission',
] as const;
export type Phase = (typeof PHASES)[number];

export const WAITS_FOR = [
  /** A mistake of the agent itself. */
  'agent',
  /** A person: the node belongs to another cluster than the known one. */
  'cluster',
  /** What the configuration was refused for. */
  'configuration',
  /** Other started copies of the shards here. */
  'copies',
  /** A good answer of the own Elasticsearch. */
  'elasticsearch',
  /** A good answer of the API server. */
  'kubernetes',
  /** An elected master. */
  'master',
  /** Shards that have to move away from here. */
  'move',
  /** Voters, without which the others would be no majority. */
  'quorum',
  /** Shards that recover here. */
  'recovery',
  /** The container of Elasticsearch, or the name that its probe gives to this start. */
  'start',
  /** Another node that stops, or that comes first. */
  'turn',
  /** The cluster to take this node's vote out of its configuration. */
  'vote',
] as const;
export type WaitFor = (typeof WAITS_FOR)[number];

export const DECISIONS = [
  /** The configuration is made, or refused. */
  'prepare',
  'refuse',
  /** The cluster is the known one from now on. */
  'mark-formed',
  /** Ready for the first time since the start. */
  'admit',
  /** Not yet, for another reason than before. */
  'wait',
  'claim-turn',
  'withdraw-turn',
  /** The turn of a node that is dead or gone. */
  'take-over',
  'give-turn-back',
  'hand-over',
  /** Keeps new shards away from nodes that leave for good. */
  'exclude',
  'give-up-vote',
  /** Elasticsearch may be stopped: all is well, or its time is over. */
  'leave',
  'leave-anyway',
  /** A person's. */
  'let-go',
  /** The node goes on serving in a pod that was being stopped. */
  'resume',
  /** On the elected master: what other agents wrote is taken back. */
  'clear-votes',
  'tidy',
] as const;
export type Decision = (typeof DECISIONS)[number];

/** One decision, for programs: a line of the log and a count each. */
export interface Decided {
  readonly decision: Decision;
  /** Of "wait". */
  readonly waitsFor?: WaitFor | undefined;
  readonly way?: 'restart' | 'decommission' | undefined;
  /** Another pod that it is about. */
  readonly pod?: string | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  /** How long the node had waited for it. */
  readonly seconds?: number | undefined;
}

export type Server = 'elasticsearch' | 'kubernetes';

/** What a question came to; "cut": a "no-answer" that broke off after it had begun. */
export type Outcome = 'good' | 'cut' | Trouble;

export const outcomeOf = (answer: Answer<unknown>): Outcome => {
  if (answer.ok) return 'good';
  return answer.cut === true ? 'cut' : answer.trouble;
};

/** What a node waits for whose question to its own Elasticsearch came to this. */
export const waitsForAnswer = (trouble: Trouble): WaitFor => (trouble === 'no-master' ? 'master' : 'elasticsearch');

/** One look at the agent. Ages and durations are in seconds of the own monotonic clock, to a tenth. */
export interface Watched {
  readonly phase: Phase;
  readonly phaseSeconds: number;
  /** `seconds`: since when it has waited for the same thing without a break, whichever shards the reason names. */
  readonly wait: { readonly for: WaitFor; readonly reason: string; readonly seconds: number } | null;
  readonly decisions: Readonly<Record<Decision, number>>;
  /** Since the last answer that was good; before the first one, since the agent began. */
  readonly lookAgeSeconds: Readonly<Record<Server, number>>;
  readonly answers: Readonly<Record<Server, Readonly<Record<Outcome, number>>>>;
  /** By the StatefulSet; null while nobody has said so lately. */
  readonly wantedNodes: number | null;
  /** Of the certificate that the own Elasticsearch served last: its end, in seconds since 1970; null before. */
  readonly certificateEnds: number | null;
}

/** Kept by record.ts. */
export interface Recorder {
  /** Another number after each preparation: what was found out before it is about a start that is over. */
  readonly era: number;
  /** Another phase ends the wait of the one before. `since`: by the own clock, where that was earlier than now. */
  enter(phase: Phase, since?: number): void;
  /** undefined: for nothing. */
  waits(waitsFor: WaitFor | undefined, reason?: string): void;
  decided(decision: Decision): void;
  answered(server: Server, answer: Answer<unknown>): void;
  /** How many nodes, as the API server has just said; undefined: it has not. */
  wants(nodes: number | undefined): void;
  /** Seconds since 1970. */
  sawCertificate(ends: number): void;
  look(): Watched;
}
