import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { spliced } from '../../support/spliced.ts';

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
    expect(spliced(before, [['a'], value])).toBe(after);
  });

  test.each<[string, string, Json, string]>([
    ['as a scalar', '- x # c\n- y\n', 'z', '- z # c\n- y\n'],
    ['as a map', '- x\n- y\n', { b: 1, c: [2] }, '- b: 1\n  c:\n  - 2\n- y\n'],
    ['as a list', '- x\n- y\n', [1, [2]], '- - 1\n  - - 2\n- y\n'],
    ['as a block', '- x\n- y\n', 'a\nb\n', '- |\n  a\n  b\n- y\n'],
    ['in flow style', '[x, y]\n', { b: 1 }, '[{b: 1}, y]\n'],
  ])('may be an item, %s', (_name, before, value, after) => {
    expect(spliced(before, [[0], value])).toBe(after);
  });

  test.each<[string, string, Json, string]>([
    ['lines', '{a: x}\n', 'y\nz\n', '{a: "y\\nz\\n"}\n'],
    ['a map', '{a: x, c: 1}\n', { b: [] }, '{a: {b: []}, c: 1}\n'],
    ['text with a comma', '{a: x}\n', 'y,z', '{a: "y,z"}\n'],
    ['JSON', '{"a":1}\n', 'x', '{"a":"x"}\n'],
  ])('may be %s in flow style', (_name, before, value, after) => {
    expect(spliced(before, [['a'], value])).toBe(after);
  });
});
