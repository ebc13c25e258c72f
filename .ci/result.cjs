// node .ci/result.cjs FOLDER FAILED: counts the tests of all of jest's reports in FOLDER, and ends with 1 unless every
// one ran and passed, or where FAILED is 1: something else has failed. Needs no package: installing may be what failed.
const { readdirSync, readFileSync } = require('node:fs');

const [folder, otherwise] = process.argv.slice(2);
const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
const sum = (...fields) =>
  reports.flatMap((report) => fields.map((field) => report[field] ?? 0)).reduce((total, n) => total + n, 0);

const passed = sum('numPassedTests');
// A suite that can't be loaded has no tests to count, but has failed.
const failed = Math.max(sum('numFailedTests', 'numRuntimeErrorTestSuites'), otherwise === '1' ? 1 : 0);
const skipped = sum('numPendingTests', 'numTodoTests');
if (skipped > 0) console.log(`A skipped test shows nothing: failed. The lists above say what is missing`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || skipped > 0 || passed === 0 ? 1 : 0;
