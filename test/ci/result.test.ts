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
    return { code: done.status, line: done.stdout.trim().split('\n').at(-1) };
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
  expect(counted(reports, failed)).toEqual({ code, line });
});
