// Jest's reporter of what was not tested; reporter.cjs is what jest loads. The list comes when all else is said.
import { relative } from 'node:path';
import { allNeeds } from './all.ts';
import { readTitle } from './need.ts';
import { notTested, type Skipped } from './not-tested.ts';

/** What is used of jest's own. */
interface Settings {
  readonly rootDir: string;
  /** -t: then jest counts what it does not name as skipped, too. */
  readonly testNamePattern?: string;
}

interface Results {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly testFilePath: string;
    readonly testResults: readonly { readonly status: string; readonly ancestorTitles: readonly string[] }[];
  }[];
}

const NOT_RUN = new Set(['pending', 'todo', 'skipped', 'disabled']);

export const skippedIn = ({ testResults }: Results, { rootDir, testNamePattern }: Settings): Skipped[] =>
  testResults
    .flatMap(({ testFilePath, testResults: tests }) =>
      tests
        .filter(({ status }) => NOT_RUN.has(status))
        .map(({ ancestorTitles }) => ({ file: relative(rootDir, testFilePath), suites: ancestorTitles })),
    )
    .filter(({ suites }) => !testNamePattern || suites.some((suite) => readTitle(suite).needs.length > 0));

export class NotTested {
  constructor(private readonly settings: Settings) {}

  onRunComplete(_contexts: unknown, results: Results): void {
    const list = notTested(skippedIn(results, this.settings), results.numTotalTests, allNeeds);
    process.once('exit', () => process.stderr.write(`\n${list}`));
  }
}
