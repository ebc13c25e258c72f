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
  collectCoverageFrom: ['functions/elasticsearch-topology/src/**/*.ts'],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
};
