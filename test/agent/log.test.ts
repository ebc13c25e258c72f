import { describe, expect, test } from '@jest/globals';
import { logLine } from '../../base/elasticsearch/agent/log.ts';
import type { Decided } from '../../base/elasticsearch/agent/watched.ts';

const parsed = (decided?: Decided): unknown => JSON.parse(logLine('INFO', 'a "text"\n', decided, new Date(0)));

const common = {
  '@timestamp': '1970-01-01T00:00:00.000Z',
  'log.level': 'INFO',
  message: 'a "text"\n',
  'ecs.version': '1.2.0',
  'service.name': 'ES_ECS',
  'event.dataset': 'delivery-reviews.agent',
  'process.name': 'agent',
};

describe('a line of the log', () => {
  test('that tells of no decision has no field of one', () => expect(parsed()).toEqual(common));

  test('of a decision has what was decided, for whom, and after how long', () =>
    expect(parsed({ decision: 'leave', way: 'restart', seconds: 12.5 })).toEqual({
      ...common,
      'event.action': 'leave',
      'event.duration': 12_500_000_000,
      labels: { way: 'restart' },
    }));

  test('leaves out what does not belong to that decision', () =>
    expect(parsed({ decision: 'tidy', way: undefined })).toEqual({ ...common, 'event.action': 'tidy' }));

  test('is one line, whatever the text', () =>
    expect(logLine('WARN', 'a\nb', { decision: 'take-over', pod: 'elasticsearch-2' })).not.toContain('\n'));
});
