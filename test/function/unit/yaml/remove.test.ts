import { describe, expect, test } from '@jest/globals';
import { type Path, spliced } from '../../support/spliced.ts';

describe('What is taken away', () => {
  test.each<[string, string, Path, string]>([
    ['takes its line along', 'a: 1\nb: 2 # c\nd: 3\n', ['b'], 'a: 1\nd: 3\n'],
    ['takes its lines along', 'a: 1\nb:\n  x: |\n    y\nd: 3\n', ['b'], 'a: 1\nd: 3\n'],
    ['leaves the comments around it', '# 1\na: 1\n# 2\nb: 2\n# 3\n', ['b'], '# 1\na: 1\n# 2\n# 3\n'],
    ['leaves its dash to the next key', '- a: 1\n  b: 2\n', [0, 'a'], '- b: 2\n'],
    [
      'leaves its dash alone where a comment stands before the next key',
      '-   a: 1\n    # c\n    b: 2\n',
      [0, 'a'],
      '-\n    # c\n    b: 2\n',
    ],
    ['leaves its dash where a comment follows', '- a: 1 # c\n  b: 2\n', [0, 'a'], '-  # c\n  b: 2\n'],
    ['takes a comma along', '{a: 1, b: 2, c: 3}\n', ['b'], '{a: 1, c: 3}\n'],
    ['takes the comma before it along', '{a: 1, b: 2}\n', ['b'], '{a: 1}\n'],
    ['may be an item', '- a\n- b\n- c\n', [1], '- a\n- c\n'],
    ['may be the last item of a text without a line break', '- a\n- b', [1], '- a'],
    ['may be an item in brackets', '[a, b]\n', [0], '[b]\n'],
    ['leaves an empty map', 'x:\n  a: 1\ny: 1\n', ['x', 'a'], 'x: {}\ny: 1\n'],
    ['leaves an empty list', 'x:\n- a\ny: 1\n', ['x', 0], 'x: []\ny: 1\n'],
    ['leaves an empty map below a comment', 'x: # c\n  a: 1\ny: 1\n', ['x', 'a'], 'x: # c\n  {}\ny: 1\n'],
    ['leaves empty braces', 'x: {a: 1}\n', ['x', 'a'], 'x: {}\n'],
    ['may not have been there', 'a: 1\n', ['b'], 'a: 1\n'],
    ['may be an item that is not there', '- 1\n', [3], '- 1\n'],
  ])('%s', (_name, before, path, after) => {
    expect(spliced(before, [path, undefined])).toBe(after);
  });
});
