// What .ci/run ends with: the count of all suites, and whether they have shown what they are there for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';

const counted = (reports: readonly object[], failed: '0' | '1' = '0') => {
  const folder = mkdtempSync(join(tmpdir(), 'reports-'));
  try {
    reports.forEach((report, i) => writeFileSync(join(folder, `${i}.json`), JSON.stringify(report)));
    const done = spawnSync(process.execPath, [join(root, '.ci/result.cjs'), folder, failed], { encoding: 'utf8' });
    const lines = done.stdout.trim().split('\n');
    return { code: done.status, line: lines.at(-1), before: lines.slice(0, -1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test.each([
  ['all have passed', [{ numPassedTests: 3 }, { numPassedTests: 2 }], '0', 0, '5 passed, 0 failed, 0 skipped'],
  ['one has failed', [{ numPassedTests: 3, numFailedTests: 1 }], '0', 1, '3 passed, 1 failed, 0 skipped'],
  [
    'a file could not be loaded',
    [{ numPassedTests: 3, numRuntimeErrorTestSuites: 1 }],
    '0',
    1,
    '3 passed, 1 failed, 0 skipped',
  ],
  ['one was skipped', [{ numPassedTests: 3 }, { numPendingTests: 1 }], '0', 1, '3 passed, 0 failed, 1 skipped'],
  ['one is yet to be written', [{ numPassedTests: 3, numTodoTests: 1 }], '0', 1, '3 passed, 0 failed, 1 skipped'],
  ['none was there', [], '0', 1, '0 passed, 0 failed, 0 skipped'],
  ['something else has failed', [{ numPassedTests: 3 }], '1', 1, '3 passed, 1 failed, 0 skipped'],
] as const)('%s', (_, reports, failed, code, line) => {
  expect(counted(reports, failed)).toEqual({ code, line, before: expect.any(Array) });
});

test('what has failed is named last, with what it said', () => {
  const tests = [
    { status: 'failed', fullName: 'a rotation waits', failureMessages: ['Expected: 1\nReceived: 2\n    at x.ts:1:2'] },
    { status: 'passed', fullName: 'a rotation ends', failureMessages: [] },
  ];
  const reports = [
    {
      numPassedTests: 1,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      testResults: [
        { name: join(root, 'test/a.test.ts'), status: 'failed', message: '', assertionResults: tests },
        { name: join(root, 'test/b.test.ts'), status: 'failed', message: 'Cannot find x', assertionResults: [] },
      ],
    },
  ];
  expect(counted(reports)).toEqual({
    code: 1,
    before: [
      'failed: test/a.test.ts › a rotation waits',
      '    Expected: 1',
      '    Received: 2',
      'failed: test/b.test.ts',
      '    Cannot find x',
    ],
    line: '1 passed, 2 failed, 0 skipped',
  });
});
