import { describe, expect, test } from '@jest/globals';
import { CannotSplice } from '../../../../functions/elasticsearch-topology/src/yaml/splice.ts';
import { type Path, spliced } from '../../support/spliced.ts';

const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('');

test('An edit leaves all the rest as it came, as the README shows', () => {
  expect(spliced('a: 010 # octal\nb: [x]\n', [['b', 1], 'z'])).toBe('a: 010 # octal\nb: [x, z]\n');
});

describe('Edits that touch each other', () => {
  test('are made one after the other', () => {
    const before = text('l:', '- 1', '- 2', '- 3', 'm: {}');
    expect(
      spliced(before, [['l', 0], undefined], [['l', 0], 'two'], [['l', 2], 'four'], [['m', 'a'], 1], [['m', 'b'], 2]),
    ).toBe(text('l:', '- two', '- 3', '- four', 'm: {a: 1, b: 2}'));
  });

  test('in maps one inside the other end at the same place', () => {
    expect(spliced('a:\n  b:\n    c: 1\n', [['k'], 1], [['a', 'l'], 2], [['a', 'b', 'm'], 3])).toBe(
      'a:\n  b:\n    c: 1\n    m: 3\n  l: 2\nk: 1\n',
    );
  });
});

describe('An edit that would change something else', () => {
  const refusedBy = (act: () => string): unknown => {
    try {
      return act();
    } catch (error) {
      return error instanceof CannotSplice ? error.edit.path : error;
    }
  };

  test.each<[string, string, Path]>([
    ['behind an anchor that is used elsewhere', 'a: &x 1\nb: *x\n', ['a']],
    ['of an anchor that is used elsewhere', 'a: &x\n  c: 1\nb: *x\n', ['a', 'c']],
    ['inside an alias', 'a: &x\n  c: 1\nb: *x\n', ['b', 'c']],
    ['of what is not there', 'a: 1\n', ['b', 'c']],
    ['of an item that is not there', 'a: [1]\n', ['a', 3, 'c']],
    ['inside a scalar', 'a: 1\n', ['a', 'c']],
    ['in a document without content', '# nothing\n', ['a']],
  ])('is refused: %s', (_name, before, path) => {
    expect(refusedBy(() => spliced(before, [path, 'x']))).toEqual(path);
  });

  test('is the one that is named, of several', () => {
    const before = 'z: 1\na: &x 1\nb: *x\n';
    expect(refusedBy(() => spliced(before, [['z'], 2], [['a'], 2]))).toEqual(['a']);
  });

  test('with an anchor that nothing else uses is made', () => {
    expect(spliced('a: &x 1\nb: &y\n  c: 1\n', [['a'], 2], [['b', 'c'], 3])).toBe('a: &x 2\nb: &y\n  c: 3\n');
  });
});
