// Lines of the agent's log, and what a decision adds to them.

import { logLine as line } from '../../lib/log.ts';
import type { Say } from './ports.ts';
import type { Decided } from './watched.ts';

/** `labels` holds texts only; the duration is in nanoseconds. https://www.elastic.co/docs/reference/ecs/ecs-event */
const fieldsOf = ({ decision, seconds, outcome, waitsFor, way, pod }: Decided): object => {
  const labels = { way, waits_for: waitsFor, pod };
  return {
    'event.action': decision,
    'event.outcome': outcome,
    'event.duration': seconds === undefined ? undefined : Math.round(seconds * 1e9),
    labels: Object.values(labels).some((value) => value !== undefined) ? labels : undefined,
  };
};

export const logLine = (level: 'INFO' | 'WARN', message: string, decided?: Decided, at = new Date()): string =>
  line('agent', level, message, decided === undefined ? {} : fieldsOf(decided), at);

/** Into the log of the agent's own container. */
export const say: Say = (level, message, decided) => {
  process.stdout.write(`${logLine(level, message, decided)}\n`);
};
