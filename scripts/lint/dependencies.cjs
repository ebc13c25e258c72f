// Which part may import which: what is below must not know what is above.
const fn = '^functions/elasticsearch-topology/src';
const agent = '^base/elasticsearch/agent';
/** Of what all programs share: words, and functions of what was said. */
const words = '^base/lib/(answer|environment|families|json|log|read)[.]ts$';
/** What was said, what it means, and what is to be done. */
const decisions = [
  'picture|parse|routing|watched|metrics',
  'members|shards|spare|versions|voters|wanted',
  'decommission|ready|tidy|turn|lease|bounds',
].join('|');
const credentials = '^base/credentials/program';
/** What is read, and what follows from it; certificates are read by node:crypto. */
const follows = 'authority-check|due|pem|secret|served|time|users-file';
const snapshots = '^components/snapshots/program';
const snapshotDecisions = 'answers|columns|record|retention|room|schedule|snapshots';
const probe = '^components/reviews-probe/program';
const probeDecisions = 'answers|histogram|indices|metrics|review|watched';
const preparing = 'first-voters|jvm-options|kernel|links|own-name|settings-files|yaml-keys';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'yaml-knows-only-itself',
      severity: 'error',
      from: { path: `${fn}/yaml/` },
      to: { path: '.', pathNot: [`${fn}/yaml/`, '(^|/)node_modules/js-yaml/', '^js-yaml$'] },
    },
    {
      name: 'resource-list-knows-only-yaml',
      severity: 'error',
      from: { path: `${fn}/resource-list/` },
      to: { path: '.', pathNot: [`${fn}/(yaml|resource-list)/`] },
    },
    {
      name: 'topology-knows-not-the-process',
      severity: 'error',
      from: { path: `${fn}/topology/` },
      to: { path: `${fn}/[^/]+$` },
    },
    {
      name: 'the-function-stands-alone',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(base|components|overlays|scripts|test|examples)/' },
    },
    {
      name: 'manifests-code-stands-alone',
      comment: 'It reaches the cluster in ConfigMaps, where nothing else of the checkout is.',
      severity: 'error',
      from: { path: '^(base|components|overlays)/' },
      to: { path: '^(functions|scripts|test|examples)/' },
    },
    {
      name: 'programs-lib-knows-no-program',
      severity: 'error',
      from: { path: '^base/lib/' },
      to: { path: '.', pathNot: ['^base/lib/', '^node:', '^(fs|http|https|path|tls)(/|$)'] },
    },
    {
      name: 'a-program-knows-no-other',
      comment: 'A change of one would start the other anew, or be missing there: each has ConfigMaps of its own.',
      severity: 'error',
      from: { path: '^base/(elasticsearch/agent|reviews/setup)/' },
      to: { path: '.', pathNot: ['^base/$1/', '^base/lib/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'set-up-reads-without-asking',
      severity: 'error',
      from: { path: '^base/reviews/setup/(answers|found)[.]ts$' },
      to: { path: '.', pathNot: [words] },
    },
    {
      name: 'agent-decides-without-asking',
      comment: 'A function of what was said: it knows no client, no file, no clock and no part of Node.js.',
      severity: 'error',
      from: { path: `${agent}/(${decisions})[.]ts$` },
      to: { path: '.', pathNot: [`${agent}/(${decisions}|ports)[.]ts$`, words] },
    },
    {
      name: 'agent-makes-settings-without-asking',
      severity: 'error',
      from: { path: `${agent}/(${preparing})[.]ts$` },
      to: { path: '.', pathNot: [`${agent}/(${preparing}|ports|settings)[.]ts$`, words] },
    },
    {
      name: 'credentials-decide-without-asking',
      comment: 'A function of what was read: it knows no client, no file and no clock.',
      severity: 'error',
      from: { path: `${credentials}/(${follows})[.]ts$` },
      to: { path: '.', pathNot: [`${credentials}/(${follows}|ports)[.]ts$`, words, '^(node:)?crypto$'] },
    },
    {
      name: 'snapshots-program-knows-no-other',
      severity: 'error',
      from: { path: '^components/snapshots/program/' },
      to: { path: '.', pathNot: ['^components/snapshots/program/', '^base/lib/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'snapshots-decide-without-asking',
      comment: 'A function of what was read: it knows no client, no file and no clock.',
      severity: 'error',
      from: { path: `${snapshots}/(${snapshotDecisions})[.]ts$` },
      to: { path: '.', pathNot: [`${snapshots}/(${snapshotDecisions})[.]ts$`, words, '^(node:)?crypto$'] },
    },
    {
      name: 'probe-knows-no-other',
      severity: 'error',
      from: { path: `${probe}/` },
      to: { path: '.', pathNot: [`${probe}/`, '^base/lib/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'probe-judges-without-asking',
      comment: 'A function of what was answered: it knows no client, no file and no clock.',
      severity: 'error',
      from: { path: `${probe}/(${probeDecisions})[.]ts$` },
      to: { path: '.', pathNot: [`${probe}/(${probeDecisions})[.]ts$`, words] },
    },
    {
      name: 'scripts-run-the-bundle',
      comment: 'The operator commands use the function as kustomize does, and the manifests as files.',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^(functions|base|components|overlays|test)/' },
    },
    {
      name: 'scripts-library-points-down',
      comment:
        'check looks at what cluster reads; render and secrets know no cluster; what all use knows none of them.',
      severity: 'error',
      from: { path: '^scripts/lib/(?:(render|cluster|secrets)/)?[^/]+$' },
      to: { path: '^scripts/lib/[^/]+/', pathNot: ['^scripts/lib/$1/'] },
    },
    {
      name: 'examples-are-for-users',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(functions|base|components|overlays|test)/' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // TypeScript 7 has no compiler that JavaScript could call; swc reads the same imports, those of types too.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)dist/', '(^|/)examples/[^/]+/dist/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
