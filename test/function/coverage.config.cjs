// npm run coverage: the function's own lines and branches, printed, and not below 95 of 100.
const { jest } = require('../../package.json');

module.exports = {
  ...jest,
  rootDir: '../..',
  roots: ['<rootDir>/test/function'],
  globalTeardown: undefined,
  collectCoverage: true,
  coverageProvider: 'v8',
  coverageReporters: ['text'],
  // main.ts is one call, and runs only as the bundle, which golden.test.ts runs.
  collectCoverageFrom: ['functions/elasticsearch-topology/src/**/*.ts', '!**/main.ts'],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
};
