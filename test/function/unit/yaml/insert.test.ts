import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { readYaml } from '../../../../functions/elasticsearch-topology/src/yaml/read.ts';
import { spliced } from '../../support/spliced.ts';

describe('A new key', () => {
  test.each<[string, string, Json, string]>([
    ['comes behind the last one', 'a: 1 # c\n', 2, 'a: 1 # c\nk: 2\n'],
    ['comes behind a block, before the empty lines', 'a: |\n  x\n\n\n', 2, 'a: |\n  x\nk: 2\n\n\n'],
    ['comes behind empty lines that count', 'a: |+\n  x\n\n', 2, 'a: |+\n  x\n\nk: 2\n'],
    ['comes behind lines of blanks that count', 'a: |\n  x\n    \n\n', 2, 'a: |\n  x\n    \nk: 2\n\n'],
    ['comes behind an empty block', 'a: |\n', 2, 'a: |\nk: 2\n'],
    ['comes first where a block ends with the text', 'a: |\n  x', 2, 'k: 2\na: |\n  x'],
    ['comes first where a nested block ends with the text', 'a:\n- b: >\n    x', 2, 'k: 2\na:\n- b: >\n    x'],
    ['comes last where the text has no line break', 'a: x', 2, 'a: x\nk: 2'],
    ['comes in braces', '{a: 1}\n', 2, '{a: 1, k: 2}\n'],
    ['comes in braces before a last comma', '{a: 1, b: 2,}\n', 2, '{a: 1, b: 2, k: 2,}\n'],
    ['comes in empty braces', '{}\n', 2, '{k: 2}\n'],
    ['comes in JSON as dense as JSON is', '{"a":1,"b":2}\n', 'x', '{"a":1,"b":2,"k":"x"}\n'],
    [
      'comes on a line of its own where the others do',
      '{\n  "a": 1,\n  "b": 2\n}\n',
      2,
      '{\n  "a": 1,\n  "b": 2,\n  "k": 2\n}\n',
    ],
    ['comes behind a comment in braces', '{a: 1, # c\n b: 2}\n', 2, '{a: 1, # c\n b: 2, k: 2}\n'],
    [
      'is indented as its neighbours are',
      'a:\n    b:\n      - c\n',
      { d: { e: [1] } },
      'a:\n    b:\n      - c\nk:\n    d:\n        e:\n          - 1\n',
    ],
  ])('%s', (_name, before, value, after) => {
    expect(spliced(before, [['k'], value])).toBe(after);
  });

  test('has the line ends of the text', () => {
    expect(spliced('a:\r\n  b: 1\r\n', [['k'], { x: 'y\nz\n' }])).toBe(
      'a:\r\n  b: 1\r\nk:\r\n  x: |\r\n    y\r\n    z\r\n',
    );
  });

  test('with a name that is no plain word gets quotes', () => {
    expect(spliced('a: 1\n', [['yes'], 1], [['x: y'], 2])).toBe('a: 1\n"yes": 1\n"x: y": 2\n');
  });
});

describe('A new item', () => {
  test.each<[string, string, Json, string]>([
    ['comes at the dashes of the others', 'a:\n  - x # c\nb: 1\n', 'z', 'a:\n  - x # c\n  - z\nb: 1\n'],
    ['comes in brackets', 'a: [x]\n', 'z', 'a: [x, z]\n'],
    ['comes in empty brackets', 'a: []\n', { b: 'c' }, 'a: [{b: c}]\n'],
    [
      'has the quotes of its neighbour',
      'a:\n- m: "x"\n  v: \'1\'\n',
      { m: 'y', v: 'z' },
      'a:\n- m: "x"\n  v: \'1\'\n- m: "y"\n  v: \'z\'\n',
    ],
    [
      'has the quotes of a neighbour with other keys only where they fit',
      'a:\n- [1]\n- ? [x]\n  : 1\n',
      { m: 'z' },
      'a:\n- [1]\n- ? [x]\n  : 1\n- m: z\n',
    ],
  ])('%s', (_name, before, value, after) => {
    const { length } = (readYaml(before).data[0] as { a: unknown[] }).a;
    expect(spliced(before, [['a', length], value])).toBe(after);
  });
});
