// node .ci/result.cjs FOLDER FAILED: counts the tests of all of jest's reports in FOLDER, and ends with 1 unless every
// one ran and passed, or where FAILED is 1: something else has failed. Needs no package: installing may be what failed.
// Names what has failed just before, since whoever reads a long log may see no more than its end.
const { readdirSync, readFileSync } = require('node:fs');
const { relative } = require('node:path');

const [folder, otherwise] = process.argv.slice(2);
const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
const sum = (...fields) =>
  reports.flatMap((report) => fields.map((field) => report[field] ?? 0)).reduce((total, n) => total + n, 0);

/** What jest says of one test, or of a file that can't be loaded, without the stack. */
const said = (message) =>
  message
    .split(/\n\s+at /)[0]
    .trim()
    .split('\n')
    .slice(0, 12)
    .join('\n    ');
for (const { name, status, message, assertionResults } of reports.flatMap((report) => report.testResults ?? [])) {
  const tests = assertionResults.filter((test) => test.status === 'failed');
  const file = relative(process.cwd(), name);
  for (const { fullName, failureMessages } of tests)
    console.log(`failed: ${file} › ${fullName}\n    ${said(failureMessages.join('\n'))}`);
  if (status === 'failed' && tests.length === 0) console.log(`failed: ${file}\n    ${said(message)}`);
}

const passed = sum('numPassedTests');
// A suite that can't be loaded has no tests to count, but has failed.
const failed = Math.max(sum('numFailedTests', 'numRuntimeErrorTestSuites'), otherwise === '1' ? 1 : 0);
const skipped = sum('numPendingTests', 'numTodoTests');
if (skipped > 0) console.log(`A skipped test shows nothing: failed. The lists above say what is missing`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || skipped > 0 || passed === 0 ? 1 : 0;
