import { expect, test } from '@jest/globals';
import { logLines, noticedIn } from '../harness/noticed.ts';

const node = '{elasticsearch-2}{K7ebwC16}{WCutSSfK}{elasticsearch-2}{10.220.13.3:9300}{dimr}{9.5.3}{8000099-9111000}';
const line = (at: string, message: string): string => JSON.stringify({ '@timestamp': at, message });

const log = [
  'not JSON: what the container itself says',
  line('2026-01-01T00:00:00.000Z', `node-left: [${node}] with reason [an earlier one]`),
  line('2026-01-01T00:00:13.100Z', `master node [${node}] disconnected, restarting discovery [x]`),
  line('2026-01-01T00:00:13.660Z', `elected-as-master ([2] nodes joined in term 5)[_FINISH_ELECTION_, ${node}]`),
  line('2026-01-01T00:00:14.200Z', `node-left: [${node}] with reason [disconnected]`),
  line('2026-01-01T00:00:19.000Z', 'elected-as-master ([2] nodes joined in term 6)'),
].join('\n');

const began = Date.parse('2026-01-01T00:00:10.000Z');

test('each step is told with its time and its reason, the first of a kind', () => {
  expect(noticedIn(logLines(log), began)).toEqual({
    seconds: 3.1,
    words:
      'the master missed after 3.1 s (disconnected), a master elected after 3.7 s, removed after 4.2 s (disconnected)',
    masters: 2,
  });
});

test('the reason of checks is another one than that of the kernel', () => {
  const checks = [
    line(
      '2026-01-01T00:00:27.000Z',
      '[3] consecutive checks of the master node [x] were unsuccessful ([0] rejected, [3] timed out)',
    ),
    line(
      '2026-01-01T00:00:28.000Z',
      `node-left: [${node}] with reason [followers check retry count exceeded [timeouts=3, failures=0]]`,
    ),
  ].join('\n');
  expect(noticedIn(logLines(checks), began).words).toBe(
    'the master missed after 17.0 s (checks), ' +
      'removed after 18.0 s (followers check retry count exceeded [timeouts=3, failures=0])',
  );
});

test('what nobody noticed is not told', () => {
  expect(noticedIn(logLines(log), Date.parse('2026-01-02T00:00:00.000Z'))).toEqual({
    seconds: undefined,
    words: '',
    masters: 0,
  });
});
