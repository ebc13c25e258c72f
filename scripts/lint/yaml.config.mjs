// YAML as the manifests have it. ESLint is here for YAML alone: it can't read TypeScript 7.
import yml from 'eslint-plugin-yml';

export default [
  ...yml.configs['flat/recommended'],
  {
    ignores: ['node_modules/', '**/dist/', 'functions/*/examples/', 'rendered/'],
  },
  {
    files: ['**/*.yaml', '**/*.yml'],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'YAMLAnchor', message: 'Write the value out: no anchors.' }],
      'yml/indent': ['error', 2, { indentBlockSequences: true }],
      'yml/no-multiple-empty-lines': ['error', { max: 1 }],
      'yml/no-empty-mapping-value': 'error',
      'yml/no-tab-indent': 'error',
    },
  },
  // GitHub's triggers may have no settings.
  { files: ['.github/**'], rules: { 'yml/no-empty-mapping-value': 'off' } },
];
