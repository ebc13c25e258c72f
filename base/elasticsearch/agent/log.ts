// Lines of the log: one JSON object each, with the fields of the server's own lines, so that what ships them needs no
// second format. https://www.elastic.co/docs/reference/ecs

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
  JSON.stringify({
    '@timestamp': at.toISOString(),
    'log.level': level,
    message,
    'ecs.version': '1.2.0',
    'service.name': 'ES_ECS',
    'event.dataset': 'delivery-reviews.agent',
    'process.name': 'agent',
    ...(decided === undefined ? {} : fieldsOf(decided)),
  });

/** Into the log of the agent's own container. */
export const say: Say = (level, message, decided) => {
  process.stdout.write(`${logLine(level, message, decided)}\n`);
};
