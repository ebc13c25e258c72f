import { describe, expect, test } from '@jest/globals';
import { CannotSplice, splice } from '../../../../functions/elasticsearch-topology/src/yaml/splice.ts';
import type { Json } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { readYaml } from '../../../../functions/elasticsearch-topology/src/yaml/read.ts';

type Path = (string | number)[];
const edit = (text: string, ...edits: [Path, Json | undefined][]): string =>
  splice(
    readYaml(text),
    edits.map(([path, value]) => ({ path, value })),
  );
const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('');

describe('A value in place of another', () => {
  test.each<[string, string, Json, string]>([
    ['keeps double quotes', 'a: "x" # c\n', 'y', 'a: "y" # c\n'],
    ['keeps single quotes', "a: 'x'\n", "it's", "a: 'it''s'\n"],
    ['stays plain where that is safe', 'a: x\n', 'z', 'a: z\n'],
    ['gets quotes where YAML would read something else', 'a: x\n', 'yes', 'a: "yes"\n'],
    ['gets quotes where it looks like a number', 'a: x\n', '0644', 'a: "0644"\n'],
    ['stays plain as a size', 'a: 1024m\n', '512m', 'a: 512m\n'],
    ['gets no quotes as a number', 'a: "1"\n', 1, 'a: 1\n'],
    ['gets escapes for what single quotes can not hold', "a: 'x'\n", 'ä\t', 'a: "ä\\t"\n'],
    ['escapes what must not stand in a YAML file', 'a: "x"\n', '\u0085\uFEFF\x7F', 'a: "\\u0085\\ufeff\\u007f"\n'],
    ['replaces a literal block in its indentation', 'a: |\n    x\nb: 1\n', 'y\nz\n', 'a: |\n    y\n    z\nb: 1\n'],
    ['keeps the comment on a literal block', 'a: |- # c\n  x\n', 'y\nz\n', 'a: | # c\n  y\n  z\n'],
    ['makes a folded block a literal one', 'a: >-\n  x\n  y\n', 'y\nz', 'a: |-\n  y\n  z\n'],
    ['turns one line into a literal block', 'a: x # c\n', 'y\nz\n', 'a: | # c\n  y\n  z\n'],
    ['keeps lines in double quotes where they were', 'a: "x\\ny\\n"\n', 'y\nz\n', 'a: "y\\nz\\n"\n'],
    ['makes a block of no lines an empty string', 'a: |\n  x\n  y\nb: 1\n', '', 'a: ""\nb: 1\n'],
    ['fills an empty value behind its colon', 'a: # c\nb: 1\n', 'x', 'a: x # c\nb: 1\n'],
    ['keeps what stands on the next line there', 'a:\n  "x"\n', 'y', 'a:\n  "y"\n'],
    ['may be a map where a scalar was', 'a: 1 # c\n', { b: 2 }, 'a:\n  b: 2 # c\n'],
    ['may be a map where nothing was', 'a: # c\nd: 1\n', { b: 2 }, 'a: # c\n  b: 2\nd: 1\n'],
    ['may be a scalar where a map was', 'a:\n  b: 1\nc: 2\n', 'x', 'a: x\nc: 2\n'],
    ['may be a list in place of a list', 'a:\n- 1\n- 2\n', [3], 'a:\n- 3\n'],
    ['may be an empty list', 'a:\n  - 1\n  - 2\nb: 1\n', [], 'a:\n  []\nb: 1\n'],
    ['may be an empty map', 'a: x\n', {}, 'a: {}\n'],
    ['keeps a tag', 'a: !!str 5\n', '6m', 'a: !!str 6m\n'],
  ])('%s', (_name, before, value, after) => {
    expect(edit(before, [['a'], value])).toBe(after);
  });

  test.each<[string, string, Json, string]>([
    ['as a scalar', '- x # c\n- y\n', 'z', '- z # c\n- y\n'],
    ['as a map', '- x\n- y\n', { b: 1, c: [2] }, '- b: 1\n  c:\n  - 2\n- y\n'],
    ['as a list', '- x\n- y\n', [1, [2]], '- - 1\n  - - 2\n- y\n'],
    ['as a block', '- x\n- y\n', 'a\nb\n', '- |\n  a\n  b\n- y\n'],
    ['in flow style', '[x, y]\n', { b: 1 }, '[{b: 1}, y]\n'],
  ])('may be an item, %s', (_name, before, value, after) => {
    expect(edit(before, [[0], value])).toBe(after);
  });

  test.each<[string, string, Json, string]>([
    ['lines', '{a: x}\n', 'y\nz\n', '{a: "y\\nz\\n"}\n'],
    ['a map', '{a: x, c: 1}\n', { b: [] }, '{a: {b: []}, c: 1}\n'],
    ['text with a comma', '{a: x}\n', 'y,z', '{a: "y,z"}\n'],
    ['JSON', '{"a":1}\n', 'x', '{"a":"x"}\n'],
  ])('may be %s in flow style', (_name, before, value, after) => {
    expect(edit(before, [['a'], value])).toBe(after);
  });
});

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
    expect(edit(before, [['k'], value])).toBe(after);
  });

  test('has the line ends of the text', () => {
    expect(edit('a:\r\n  b: 1\r\n', [['k'], { x: 'y\nz\n' }])).toBe(
      'a:\r\n  b: 1\r\nk:\r\n  x: |\r\n    y\r\n    z\r\n',
    );
  });

  test('with a name that is no plain word gets quotes', () => {
    expect(edit('a: 1\n', [['yes'], 1], [['x: y'], 2])).toBe('a: 1\n"yes": 1\n"x: y": 2\n');
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
    expect(edit(before, [['a', length], value])).toBe(after);
  });
});

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
    expect(edit(before, [path, undefined])).toBe(after);
  });
});

describe('Edits that touch each other', () => {
  test('are made one after the other', () => {
    const before = text('l:', '- 1', '- 2', '- 3', 'm: {}');
    expect(
      edit(before, [['l', 0], undefined], [['l', 0], 'two'], [['l', 2], 'four'], [['m', 'a'], 1], [['m', 'b'], 2]),
    ).toBe(text('l:', '- two', '- 3', '- four', 'm: {a: 1, b: 2}'));
  });

  test('in maps one inside the other end at the same place', () => {
    expect(edit('a:\n  b:\n    c: 1\n', [['k'], 1], [['a', 'l'], 2], [['a', 'b', 'm'], 3])).toBe(
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
    expect(refusedBy(() => edit(before, [path, 'x']))).toEqual(path);
  });

  test('is the one that is named, of several', () => {
    const before = 'z: 1\na: &x 1\nb: *x\n';
    expect(refusedBy(() => edit(before, [['z'], 2], [['a'], 2]))).toEqual(['a']);
  });

  test('with an anchor that nothing else uses is made', () => {
    expect(edit('a: &x 1\nb: &y\n  c: 1\n', [['a'], 2], [['b', 'c'], 3])).toBe('a: &x 2\nb: &y\n  c: 3\n');
  });
});
