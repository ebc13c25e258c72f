// The list at the end of `make test`: what was not tested on this machine, why, and the commands that would.
import { type Lack, type Need, readTitle } from './need.ts';

export interface Skipped {
  /** From the root of the checkout. */
  readonly file: string;
  /** Of the suites around the test, outermost first. */
  readonly suites: readonly string[];
}

interface Group {
  readonly needs: readonly string[];
  readonly tests: readonly Skipped[];
}

const needsOf = ({ suites }: Skipped): string[] => [...new Set(suites.flatMap((suite) => readTitle(suite).needs))];

const groupBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

const groupsOf = (skipped: readonly Skipped[]): Group[] =>
  [...groupBy(skipped, (test) => needsOf(test).sort().join()).values()].map((tests) => ({
    needs: tests[0] === undefined ? [] : needsOf(tests[0]),
    tests,
  }));

const suiteLines = (tests: readonly Skipped[]): string[] =>
  [...groupBy(tests, ({ file, suites }) => `${file} › ${readTitle(suites[0] ?? '').suite}`)].map(
    ([suite, { length }]) => `${String(length).padStart(6)}  ${suite}`,
  );

/** What has to be done, in this order; then the tests alone. */
const commands = (lacks: readonly Lack[], tests: readonly Skipped[]): string[] => {
  const packages = new Set(lacks.flatMap((lack) => lack.packages ?? []));
  const files = [...new Set(tests.map(({ file }) => file))];
  const asRoot = lacks.some(({ testsAsRoot }) => testsAsRoot === true) ? '   # as root' : '';
  return [
    ...(packages.size > 0 ? [`apt-get install ${[...packages].join(' ')}   # as root`] : []),
    ...lacks.flatMap(({ first }) => (first === undefined ? [] : [first])),
    `make test ARGS='${files.join(' ')}'${asRoot}`,
  ];
};

/** Asked again, since all that came with the result is the name. */
const lackOf = (name: string, known: readonly Need[]): Lack =>
  known.find((need) => need.name === name)?.lack() ?? { why: 'it was missing when the suite began' };

const groupLines = ({ needs, tests }: Group, known: readonly Need[]): string[] => {
  if (needs.length === 0)
    return ['', 'No need is named: the tests themselves say that they are skipped', ...suiteLines(tests)];
  const lacks = needs.map((name): readonly [string, Lack] => [name, lackOf(name, known)]);
  return [
    '',
    ...lacks.map(([name, { why }]) => `Needs ${name}: ${why}`),
    ...suiteLines(tests),
    ...commands(
      lacks.map(([, lack]) => lack),
      tests,
    ).map((line) => `        ${line}`),
  ];
};

const aWholeCluster = 'Scenarios of a whole cluster are not part of this: make test-cluster';

/** `tests`: how many there were in all. */
export const notTested = (skipped: readonly Skipped[], tests: number, known: readonly Need[]): string => {
  if (skipped.length === 0) return `Nothing was skipped. ${aWholeCluster}\n`;
  return [
    `Not tested on this machine: ${skipped.length} of ${tests} tests`,
    ...groupsOf(skipped).flatMap((group) => groupLines(group, known)),
    '',
    aWholeCluster,
    '',
  ].join('\n');
};
