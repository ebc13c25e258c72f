// What can be watched, as Prometheus reads it. No label names a shard, an index or a pod: whatever the cluster is like,
// there are as many lines.

import { family, known, type Sample } from '../../lib/families.ts';
import type { Waits } from './ports.ts';
import { PHASES, WAITS_FOR, type Watched } from './watched.ts';

/** Of the agent's process. */
export interface Use {
  /** Since 1970. */
  readonly startedAtSeconds: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Each word of a list, and 1 for the one that holds. */
const oneOf = (label: string, words: readonly string[], holds: string | undefined): readonly Sample[] =>
  words.map((word) => ({ labels: { [label]: word }, value: Number(word === holds) }));

const counts = (label: string, of: Readonly<Record<string, number>>, more = {}): readonly Sample[] =>
  Object.entries(of).map(([word, value]) => ({ labels: { ...more, [label]: word }, value }));

const each = (of: Readonly<Record<string, Readonly<Record<string, number>>>>): readonly Sample[] =>
  Object.entries(of).flatMap(([server, outcomes]) => counts('outcome', outcomes, { server }));

// Ages and not moments: they are taken at each reading from the own monotonic clock, so that no other clock counts.
export const metricsText = (watched: Watched, waits: Waits, use: Use): string => {
  const { phase, phaseSeconds, wait, decisions, lookAgeSeconds, answers, wantedNodes, certificateEnds } = watched;
  return [
    family('gauge', 'reviews_agent_phase', 'What the node is at: 1 for its phase.', oneOf('phase', PHASES, phase)),
    family('gauge', 'reviews_agent_phase_seconds', 'For how long it has been in its phase.', [{ value: phaseSeconds }]),
    family(
      'gauge',
      'reviews_agent_waiting',
      'What the node waits for: 1 for that, and 0 everywhere where it waits for nothing.',
      oneOf('waits_for', WAITS_FOR, wait?.for),
    ),
    family(
      'gauge',
      'reviews_agent_wait_seconds',
      'For how long it has waited for that; 0 where it waits for nothing.',
      [{ value: wait?.seconds ?? 0 }],
    ),
    family(
      'counter',
      'reviews_agent_decisions_total',
      'Decisions, by kind; each is a line of the log with this event.action.',
      counts('decision', decisions),
    ),
    family(
      'counter',
      'reviews_agent_answers_total',
      'What questions came to, of those to the own Elasticsearch and to the API server.',
      each(answers),
    ),
    family(
      'gauge',
      'reviews_agent_look_age_seconds',
      'Since the last answer that was whole and understood; before the first one, since the agent began.',
      counts('server', lookAgeSeconds),
    ),
    family(
      'gauge',
      'reviews_agent_wanted_nodes',
      'Nodes that the StatefulSet wants; only of agents that have heard so within two minutes.',
      known(wantedNodes),
    ),
    family(
      'gauge',
      'reviews_agent_bound_seconds',
      'How long a wait may take, by the variable that says so.',
      counts('bound', { ...waits }),
    ),
    family(
      'gauge',
      'reviews_agent_certificate_end_timestamp_seconds',
      'When the certificate ends that the own Elasticsearch served last, since 1970.',
      known(certificateEnds),
    ),
    family('gauge', 'process_start_time_seconds', 'When the agent began, since 1970.', [
      { value: use.startedAtSeconds },
    ]),
    family('counter', 'process_cpu_seconds_total', 'CPU time of the agent.', [{ value: use.cpuSeconds }]),
    family('gauge', 'process_resident_memory_bytes', 'Memory of the agent.', [{ value: use.residentBytes }]),
  ].join('');
};
