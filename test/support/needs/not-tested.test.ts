// The list at the end of `make test`, from made-up needs; that jest prints it is shown by a run of jest itself.
import { describe, expect, test } from '@jest/globals';
import { allNeeds } from './all.ts';
import { type Lack, type Need, readTitle, skippedTitle } from './need.ts';
import { notTested, type Skipped } from './not-tested.ts';
import { skippedIn } from './reporter.ts';

const need = (name: string, lack: Lack | undefined): Need => ({ name, lack: () => lack });
const compiler = need('a compiler', { why: 'there is none', packages: ['gcc'] });
const door = need('a door', { why: 'only root opens it', packages: ['door', 'gcc'], testsAsRoot: true });
const letter = need('a letter', { why: 'nobody wrote', first: 'write one' });
const known = [compiler, door, letter];

const skipped = (file: string, suite: string, needs: readonly Need[], inner: readonly string[] = []): Skipped => ({
  file: `test/${file}.test.ts`,
  suites: [skippedTitle(suite, needs), ...inner],
});

describe('the title of a suite that is skipped', () => {
  test('says what it needs, and can be read again', () => {
    const title = skippedTitle('a house', [door, letter]);
    expect(title).toBe('a house [needs a door + a letter]');
    expect(readTitle(title)).toEqual({ suite: 'a house', needs: ['a door', 'a letter'] });
    expect(readTitle('a house [of cards]')).toEqual({ suite: 'a house [of cards]', needs: [] });
  });

  test('can name every need', () => {
    const names = allNeeds.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(readTitle(skippedTitle('all', allNeeds)).needs).toEqual(names);
  });
});

describe('the list', () => {
  test('says that there is nothing to list', () => {
    expect(notTested([], 12, known)).toBe(
      'Nothing was skipped. Scenarios of a whole cluster are not part of this: make test-cluster\n',
    );
  });

  test('has suites by what they need: their tests, why, and the commands that would, packages first', () => {
    const list = [
      skipped('walls', 'a house', [compiler]),
      skipped('walls', 'a house', [compiler], ['its rooms']),
      skipped('roof', 'a house', [compiler], ['its rooms']),
      skipped('key', 'a lock', [door, letter]),
    ];
    expect(notTested(list, 12, known)).toBe(
      [
        'Not tested on this machine: 4 of 12 tests',
        '',
        'Needs a compiler: there is none',
        '     2  test/walls.test.ts › a house',
        '     1  test/roof.test.ts › a house',
        '        apt-get install gcc   # as root',
        "        make test ARGS='test/walls.test.ts test/roof.test.ts'",
        '',
        'Needs a door: only root opens it',
        'Needs a letter: nobody wrote',
        '     1  test/key.test.ts › a lock',
        '        apt-get install door gcc   # as root',
        '        write one',
        "        make test ARGS='test/key.test.ts'   # as root",
        '',
        'Scenarios of a whole cluster are not part of this: make test-cluster',
        '',
      ].join('\n'),
    );
  });

  test('counts what both a suite and one in it need as one', () => {
    const inner = skippedTitle('its rooms', [letter]);
    const list = notTested([skipped('walls', 'a house', [compiler], [inner])], 1, known);
    expect(list).toContain('Needs a compiler: there is none\nNeeds a letter: nobody wrote\n');
    expect(list).toContain('        write one\n');
  });

  test('has tests that were skipped by other means, and a need that nobody knows any more', () => {
    const list = notTested([{ file: 'test/x.test.ts', suites: ['x'] }], 1, known);
    expect(list).toContain(
      'No need is named: the tests themselves say that they are skipped\n     1  test/x.test.ts › x\n',
    );
    expect(notTested([skipped('y', 'y', [need('gone', undefined)])], 1, known)).toContain(
      'Needs gone: it was missing when the suite began\n     1  test/y.test.ts › y\n',
    );
  });
});

describe("what is taken from jest's results", () => {
  const results = {
    numTotalTests: 4,
    testResults: [
      {
        testFilePath: '/checkout/test/a.test.ts',
        testResults: [
          { status: 'passed', ancestorTitles: ['a'] },
          { status: 'failed', ancestorTitles: ['a'] },
          { status: 'pending', ancestorTitles: ['plain'] },
          { status: 'todo', ancestorTitles: [] },
          { status: 'pending', ancestorTitles: [skippedTitle('b', [door])] },
        ],
      },
    ],
  };

  test('is what did not run', () => {
    expect(skippedIn(results, { rootDir: '/checkout' })).toEqual([
      { file: 'test/a.test.ts', suites: ['plain'] },
      { file: 'test/a.test.ts', suites: [] },
      { file: 'test/a.test.ts', suites: ['b [needs a door]'] },
    ]);
  });

  test('with -t, only what names a need: the others were not asked for', () => {
    expect(skippedIn(results, { rootDir: '/checkout', testNamePattern: 'x' })).toEqual([
      { file: 'test/a.test.ts', suites: ['b [needs a door]'] },
    ]);
  });
});
