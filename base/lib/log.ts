// Lines of the log: one JSON object each, with the fields of the server's own lines, so that what ships them needs no
// second format. https://www.elastic.co/docs/reference/ecs

export type Level = 'INFO' | 'WARN';

/** `program` is its name, as "agent"; `fields` are further ones of ECS. */
export const logLine = (program: string, level: Level, message: string, fields: object = {}, at = new Date()): string =>
  JSON.stringify({
    '@timestamp': at.toISOString(),
    'log.level': level,
    message,
    'ecs.version': '1.2.0',
    'service.name': 'ES_ECS',
    'event.dataset': `delivery-reviews.${program}`,
    'process.name': program,
    ...fields,
  });
