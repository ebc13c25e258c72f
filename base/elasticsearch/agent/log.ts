// Lines of the log: one JSON object each, with the fields of the server's own lines, so that what ships them needs no
// second format. https://www.elastic.co/docs/reference/ecs

import type { Say } from './ports.ts';

export const logLine = (level: 'INFO' | 'WARN', message: string, at = new Date()): string =>
  JSON.stringify({
    '@timestamp': at.toISOString(),
    'log.level': level,
    message,
    'ecs.version': '1.2.0',
    'service.name': 'ES_ECS',
    'event.dataset': 'delivery-reviews.agent',
    'process.name': 'agent',
  });

/** Into the log of the agent's own container. */
export const say: Say = (level, message) => {
  process.stdout.write(`${logLine(level, message)}\n`);
};
