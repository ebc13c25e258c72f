// One line of docs/availability.md: what a scenario measured.
import type { Report } from '../load/protocol.ts';

export interface Row {
  readonly scenario: string;
  readonly acknowledged: number;
  readonly lost: number;
  /** Undefined, as the gaps, where the client's own node was lost and nobody could measure. */
  readonly searchErrors: number | undefined;
  readonly writeGapSeconds: number | undefined;
  readonly searchGapSeconds: number | undefined;
  /** Undefined where the cluster was never anything else. */
  readonly greenAfterSeconds: number | undefined;
  readonly everRed: boolean | undefined;
  readonly elections: number;
  /** Pods that are not the same as before; those that the scenario itself takes away included. */
  readonly restarted: number;
  readonly note: string;
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Where no load could be followed to its end. */
export const unmeasured = {
  searchErrors: undefined,
  writeGapSeconds: undefined,
  searchGapSeconds: undefined,
  everRed: undefined,
} as const;

export interface Outcome {
  readonly greenAfterSeconds: number | undefined;
  readonly elections: number;
  readonly restarted: number;
  readonly note?: string | undefined;
}

export const rowOf = (
  scenario: string,
  report: Report,
  { greenAfterSeconds, elections, restarted, note = '' }: Outcome,
): Row => ({
  scenario,
  acknowledged: total(report.acknowledged),
  lost: report.lost.length,
  searchErrors: report.searchErrors,
  writeGapSeconds: seconds(report.writeGapMs),
  searchGapSeconds: seconds(report.searchGapMs),
  greenAfterSeconds,
  everRed: report.redMs > 0,
  elections,
  restarted,
  note,
});
