// Jest transforms tests and not its reporters.
const { require: load } = require('tsx/cjs/api');

module.exports = load('./reporter.ts', __filename).NotTested;
