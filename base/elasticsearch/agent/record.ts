// Keeps what of the agent can be watched: a phase, a wait, and counts.

import type { Clock, Say } from './ports.ts';
import {
  DECISIONS,
  type Decision,
  type Outcome,
  outcomeOf,
  type Phase,
  type Recorder,
  type Server,
  type WaitFor,
} from './watched.ts';

/** A counter that is missing until it counts is overlooked by whoever asks how much it has grown. */
const noAnswers = (): Record<Outcome, number> => ({
  good: 0,
  cut: 0,
  'not-listening': 0,
  'no-answer': 0,
  'not-understood': 0,
  forbidden: 0,
  busy: 0,
  'no-master': 0,
  absent: 0,
  conflict: 0,
  refused: 0,
});

/**
 * While a node serves only the elected master's agent looks at the StatefulSet, every half minute: what another one has
 * heard once says nothing of today.
 */
const WANTED_SECONDS = 120;

export const createRecord = (clock: Clock): Recorder => {
  const began = clock();
  let phase: Phase = 'preparing';
  let phaseSince = began;
  let era = 0;
  let wanted: { readonly nodes: number; readonly at: number } | undefined;
  let certificateEnds: number | undefined;
  let wait: { readonly for: WaitFor; readonly reason: string; readonly since: number } | undefined;
  const decisions = Object.fromEntries(DECISIONS.map((decision) => [decision, 0])) as Record<Decision, number>;
  const answers: Record<Server, Record<Outcome, number>> = { elasticsearch: noAnswers(), kubernetes: noAnswers() };
  const lookedAt: Record<Server, number> = { elasticsearch: began, kubernetes: began };

  const age = (since: number): number => Math.max(0, Math.round((clock() - since) * 10) / 10);

  return {
    get era() {
      return era;
    },
    enter(next, since = clock()) {
      if (next === 'preparing') era += 1;
      if (next === phase) return;
      phase = next;
      phaseSince = since;
      wait = undefined;
    },
    waits(waitsFor, reason = '') {
      wait =
        waitsFor === undefined
          ? undefined
          : { for: waitsFor, reason, since: wait?.for === waitsFor ? wait.since : clock() };
    },
    decided(decision) {
      decisions[decision] += 1;
    },
    answered(server, answer) {
      answers[server][outcomeOf(answer)] += 1;
      if (answer.ok) lookedAt[server] = clock();
    },
    wants(nodes) {
      if (nodes !== undefined) wanted = { nodes, at: clock() };
    },
    sawCertificate(ends) {
      certificateEnds = ends;
    },
    look: () => ({
      phase,
      phaseSeconds: age(phaseSince),
      wait: wait === undefined ? null : { for: wait.for, reason: wait.reason, seconds: age(wait.since) },
      decisions: { ...decisions },
      lookAgeSeconds: { elasticsearch: age(lookedAt.elasticsearch), kubernetes: age(lookedAt.kubernetes) },
      answers: { elasticsearch: { ...answers.elasticsearch }, kubernetes: { ...answers.kubernetes } },
      wantedNodes: wanted !== undefined && clock() - wanted.at <= WANTED_SECONDS ? wanted.nodes : null,
      certificateEnds: certificateEnds ?? null,
    }),
  };
};

/** Each decision that is said is counted, and none is counted that is not said. */
export const counting =
  (record: Recorder, say: Say): Say =>
  (level, message, decided) => {
    if (decided !== undefined) record.decided(decided.decision);
    say(level, message, decided);
  };
