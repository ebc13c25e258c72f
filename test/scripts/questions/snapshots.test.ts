// What `make doctor` says about snapshots, by the metrics of the program that takes them.
import { describe, expect, test } from '@jest/globals';
import { judge, known } from '../../../scripts/lib/questions/known.ts';
import { drillVerdict, snapshotVerdict } from '../../../scripts/lib/questions/snapshots.ts';
import type { Verdict } from '../../../scripts/lib/questions/verdict.ts';
import { snapshotsIn } from '../../../scripts/lib/snapshots/program.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const told = ({ says, detail }: Verdict): string => `${says}: ${detail}`;

const metrics = (changes: Readonly<Record<string, number>> = {}): string =>
  Object.entries({
    last_good_timestamp_seconds: NOW - 600,
    last_good_seconds: 20,
    ours: 1,
    objective_seconds: 900,
    last_drill_timestamp_seconds: NOW - 3 * DAY,
    last_drill_good: 1,
    drill_interval_seconds: 7 * DAY,
    ...changes,
  })
    .map(([name, value]) => `# TYPE reviews_snapshots_${name} gauge\nreviews_snapshots_${name} ${value}\n`)
    .join('');

describe('the last good snapshot', () => {
  test.each([
    [{}, 'yes: it began 10 minutes ago, of at most 15 minutes'],
    [{ last_good_timestamp_seconds: NOW - 901 }, 'no: it began 15 minutes ago, of at most 15 minutes'],
    [{ last_good_timestamp_seconds: NOW - 3 * DAY }, 'no: it began 72 hours ago, of at most 15 minutes'],
    [{ last_good_timestamp_seconds: 0 }, 'no: there is none'],
    [{ ours: 0 }, 'no: another cluster writes into the repository'],
  ])('%j', (changes, says) => {
    expect(told(snapshotVerdict(metrics(changes), NOW))).toBe(says);
  });

  test('is not known where a metric is missing, as before the repository was read', () => {
    const missing = metrics().replace(/^reviews_snapshots_last_good_timestamp_seconds .*$/m, '');
    expect(judge('x', known(missing), (text) => snapshotVerdict(text, NOW))).toMatchObject({
      says: 'not known',
      detail: 'the program that takes snapshots tells no last_good_timestamp_seconds',
    });
  });
});

test.each([
  [{}, 'yes: 72 hours ago'],
  [{ last_drill_timestamp_seconds: 0 }, 'no: there was no drill yet'],
  [{ last_drill_good: 0 }, 'no: the last drill did not find what was recorded (72 hours ago)'],
  [{ last_drill_timestamp_seconds: NOW - 15 * DAY }, 'no: drills do not go on (360 hours ago)'],
])('the last drill: %j', (changes, says) => {
  expect(told(drillVerdict(metrics(changes), NOW))).toBe(says);
});

test('who takes them is found by its label', () => {
  const env = [{ name: 'KEEP_DAYS', value: '14' }];
  const spec = { template: { spec: { containers: [{ name: 'snapshots', env }] } } };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'eu-snapshots' }, spec };
  const labels = { 'app.kubernetes.io/name': 'elasticsearch-snapshots' };
  expect(snapshotsIn([deployment])).toBeUndefined();
  expect(snapshotsIn([{ ...deployment, metadata: { name: 'eu-snapshots', labels } }])?.name).toBe('eu-snapshots');
});
