// One file, one process, one lab: the scenarios run one after the other.
const { transform } = require('../../package.json').jest;

module.exports = {
  rootDir: '../..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/cluster/cluster.test.ts'],
  transform,
  modulePathIgnorePatterns: ['/dist/'],
  maxWorkers: 1,
  verbose: true,
};
