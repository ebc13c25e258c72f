import { expect, test } from '@jest/globals';
import { lastWords } from '../../scripts/lib/cluster/log-lines.ts';

const json = (level: string, message: string, more: object = {}): string =>
  JSON.stringify({ '@timestamp': '2026-01-01T00:00:00Z', 'log.level': level, message, ...more });

test('says what Java could not do, without the stack', () => {
  const log = [
    'java.lang.RuntimeException: starting java failed with [1]',
    'output:',
    '',
    'error:',
    "[error][logging] Error opening log file 'logs/gc.log': No such file or directory",
    'Error: Could not create the Java Virtual Machine.',
    '',
    ...Array.from({ length: 20 }, (_, i) => `\tat org.elasticsearch.Some.method(Some.java:${i})`),
  ].join('\n');
  expect(lastWords(log)).toBe(
    [
      'java.lang.RuntimeException: starting java failed with [1]',
      'output:',
      'error:',
      "[error][logging] Error opening log file 'logs/gc.log': No such file or directory",
      'Error: Could not create the Java Virtual Machine.',
    ].join('\n'),
  );
});

test("reads the server's lines, and begins at the one that tells of the failure", () => {
  const log = [
    json('INFO', 'version[9.5.3]'),
    json('WARN', 'a warning'),
    json('ERROR', 'fatal exception while booting', { 'error.message': 'unknown setting [x]' }),
    json('INFO', 'closed'),
    'ERROR: Elasticsearch died while starting up, with exit code 1',
  ].join('\n');
  expect(lastWords(log).split('\n')).toEqual([
    'ERROR: fatal exception while booting: unknown setting [x]',
    'INFO: closed',
    'ERROR: Elasticsearch died while starting up, with exit code 1',
  ]);
});

test('shows the last lines where none tells of a failure', () => {
  const log = Array.from({ length: 9 }, (_, i) => `line ${i}`).join('\n');
  expect(lastWords(log).split('\n')).toEqual(['line 3', 'line 4', 'line 5', 'line 6', 'line 7', 'line 8']);
  expect(lastWords('')).toBe('');
});
