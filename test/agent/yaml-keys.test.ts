import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NotUnderstood, yamlKeys } from '../../base/elasticsearch/agent/yaml-keys.ts';
import { root } from '../../scripts/lib/paths.ts';

const leaves = (text: string): string[] =>
  yamlKeys(text).flatMap(({ path, value }) => (value === undefined ? [] : [`${path}=${value}`]));

test.each([
  ['dots', 'a.b: 1\n', ['a.b=1']],
  ['depth', 'a:\n  b: 1\n  c:\n    d: x y\ne: 2\n', ['a.b=1', 'a.c.d=x y', 'e=2']],
  ['braces', 'a: {b: 1, "c": {d: [x, y], e: {}}, f: }\n', ['a.b=1', 'a.c.d=[x, y]', 'a.f=']],
  ['depth by four, and back by two', 'a:\n    b:\n      c: 1\n    d: 2\n', ['a.b.c=1', 'a.d=2']],
  ['no value', 'a:\nb:\n', ['a=', 'b=']],
  ['quotes', "\"a.b\": \"x: y # z\"\n'c': 'it''s'\n", ['a.b="x: y # z"', "c='it''s'"]],
  ['lists', 'a: [x, y]\nb:\n  - x: 1\n    y: 2\n  - z\nc:\n- x\n- y\nd: 1\n', ['a=[x, y]', 'b=', 'c=', 'd=1']],
  ['lists over lines', 'a: [x, # one\n  "]",\n  y]\nb: 1\n', ['a=[x, "]", y]', 'b=1']],
  ['braces over lines', 'a: {b: 1,\n  c: [2]\n}\nd: 1\n', ['a.b=1', 'a.c=[2]', 'd=1']],
  ['long texts', 'a: |\n  b: 1\n\n  c: 2\nd: >-\n  e: 1\nf: x\n  y z\ng: 1\n', ['a=|', 'd=>-', 'f=x', 'g=1']],
  ['comments', '# a: 1\na: 1 # b: 2\n\n  # c\nd: # e\n  f: x#y\n', ['a=1', 'd.f=x#y']],
  ['other line ends, a start of a document', '---\r\na: 1\r\nb:\r\n  c: 2\r\n', ['a=1', 'b.c=2']],
  ['variables', 'a: ${POD_NAME}\nb: ${X:y}\n', ['a=${POD_NAME}', 'b=${X:y}']],
  ['addresses', 'a: http://x:9200/\nb: 10:30\nc: "*"\n', ['a=http://x:9200/', 'b=10:30', 'c="*"']],
  ['nothing', '\n# only this\n', []],
])('keys are read with %s', (_, text, expected) => expect(leaves(text)).toEqual(expected));

test('the files of the project are understood', () => {
  for (const file of ['base/elasticsearch/config/elasticsearch.yml', 'overlays/dev/config/small-machine.yml'])
    expect(leaves(readFileSync(join(root, file), 'utf8')).length).toBeGreaterThan(0);
});

describe('what is not understood is said, with its line', () => {
  test.each([
    ['an anchor', 'a: &x 1\n', 1],
    ['an alias', 'a: *x\n', 1],
    ['a merge', 'a: 1\n<<: *x\n', 2],
    ['a tag', 'a: !!str 1\n', 1],
    ['a tab', 'a:\n\tb: 1\n', 2],
    ['a second document', 'a: 1\n---\nb: 1\n', 2],
    ['an explicit key', '? a\n: 1\n', 1],
    ['a list at the top', '- a\n', 1],
    ['a line between two depths', 'a:\n    b: 1\n  c: 1\n', 3],
    ['a text over lines', 'a: "x\n  y"\n', 1],
    ['a list that does not end', 'a: [x,\n  y\n', 1],
    ['braces that do not end', 'a: {b: 1,\n', 1],
    ['a list with something behind', 'a: [x] y\n', 1],
    ['braces with something behind', 'a: {b: 1} c\n', 1],
    ['braces with a set', 'a: {b, c}\n', 1],
    ['a key without a value', 'a\n', 1],
  ])('%s', (_, text, line) => {
    expect(() => yamlKeys(text)).toThrow(NotUnderstood);
    expect(() => yamlKeys(text)).toThrow(expect.objectContaining({ line }));
  });
});
