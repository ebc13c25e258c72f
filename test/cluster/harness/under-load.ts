// Runs an action under load and measures it.
import { expect } from '@jest/globals';
import type { Report } from '../load/protocol.ts';
import { restartedSince } from './cluster.ts';
import { term } from './es.ts';
import { greenAfter } from './green-after.ts';
import { elasticsearchPods } from './kube.ts';
import { Load } from './load.ts';
import { type Row, rowOf } from './row.ts';
import { pause, say } from './say.ts';
import type { Bed } from './scenario.ts';
import { set } from './settings.ts';
import { until } from './until.ts';

export interface Options {
  /** The Kubernetes node of the client. */
  readonly node?: string | undefined;
  /** After the scenario's name, where it measures more than once. */
  readonly part?: string;
  /** A function is called at the end. */
  readonly note?: string | (() => string);
  /** Reviews, written and searched by the users of programs, instead of indices of its own. */
  readonly reviews?: boolean;
}

export interface Measured {
  readonly row: Row;
  readonly report: Report;
  readonly restarted: readonly string[];
  /** Writes that failed since the action began, and were repeated. */
  readonly writeRetries: number;
}

export const underLoad = async (
  bed: Bed,
  options: Options,
  action: (load: Load) => Promise<void>,
): Promise<Measured> => {
  const { namespace } = bed;
  const load = await Load.start({ namespace, node: options.node, reviews: options.reviews ?? false });
  try {
    const before = await elasticsearchPods(namespace);
    const electionsBefore = await term(namespace);
    const retriesBefore = load.latest?.writeRetries ?? 0;
    const began = Date.now();
    await action(load);
    await until('the load flowing again', { seconds: 90, every: 0.5 }, async () => load.flowing());
    await pause(3);
    const report = await load.stop();
    const restarted = restartedSince(before, await elasticsearchPods(namespace));
    const elections = (await term(namespace)) - electionsBefore;
    const name = options.part === undefined ? bed.scenario : `${bed.scenario}: ${options.part}`;
    const row = rowOf(name, report, {
      greenAfterSeconds: greenAfter(load.lines, began),
      elections,
      restarted: restarted.length,
      note: typeof options.note === 'function' ? options.note() : options.note,
    });
    bed.record(row);
    say(`  measured: ${JSON.stringify(row)}`);
    if (report.lastSearchError !== '') say(`  last search error: ${report.lastSearchError}`);
    return { row, report, restarted, writeRetries: report.writeRetries - retriesBefore };
  } finally {
    await load.remove();
  }
};

/** What holds whatever happens. */
export const expectNothingLost = ({ report }: Measured): void => {
  expect(report.lost).toEqual([]);
};

/**
 * Two cores that start two more nodes may starve a master into an election: the short set runs on such machines and
 * lets a few searches fail for it.
 */
const searchErrorsAllowed = set === 'full' ? 0 : 25;

/** What holds in each planned operation. */
export const expectPlanned = ({ report, row }: Measured): void => {
  const { searchErrors = 0 } = row;
  const problems = [
    ...(report.lost.length > 0
      ? [`${report.lost.length} acknowledged writes are lost: ${report.lost.slice(0, 5).join(', ')}`]
      : []),
    ...(report.redMs > 0 ? [`the status was red for ${report.redMs} ms`] : []),
    ...(searchErrors > searchErrorsAllowed ? [`${searchErrors} searches failed: ${report.lastSearchError}`] : []),
  ];
  if (problems.length > 0) throw new Error(`an operation that clients must not notice, but ${problems.join('; ')}`);
};

/** Where no node is touched: not one request fails, and nothing happens to any pod. */
export const expectUnnoticed = (measured: Measured): void => {
  expectPlanned(measured);
  const { row, restarted, writeRetries } = measured;
  expect({ searchErrors: row.searchErrors, writeRetries, elections: row.elections, restarted }).toEqual({
    searchErrors: 0,
    writeRetries: 0,
    elections: 0,
    restarted: [],
  });
};
