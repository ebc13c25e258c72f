// The contract as a table of the stand-in's README.
import { lineOf } from '../cluster/harness/section.ts';
import type { Check } from './check.ts';

export const begin = '<!-- contract: begin -->';
export const end = '<!-- contract: end -->';

const columns = ['the official image', 'read in', 'held by'] as const;

export const tableOf = (checks: readonly Check[]): string[] => [
  lineOf(columns),
  lineOf(columns.map(() => '---')),
  ...checks.map(({ name, fact, source, cannotBeHad }) =>
    lineOf([
      fact,
      source,
      cannotBeHad === undefined ? `\`${name}\`` : `cannot be had (${cannotBeHad}); \`${name}\` asks an official image`,
    ]),
  ),
];
