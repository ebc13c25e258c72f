import { describe, expect, test } from '@jest/globals';
import { NotYaml, readYaml } from '../../../../functions/elasticsearch-topology/src/yaml/read.ts';

const read = (text: string): unknown => readYaml(text).data[0];

describe('What is read from YAML', () => {
  test.each<[string, unknown]>([
    ['~', null],
    ['null', null],
    ['NULL', null],
    ['nULL', 'nULL'],
    ['true', true],
    ['False', false],
    ['tRUE', 'tRUE'],
    ['yes', 'yes'],
    ['12', 12],
    ['-12', -12],
    ['010', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['0b101', 5],
    ['-0x10', -16],
    ['08', 8],
    ['1_000', 1000],
    ['0', 0],
    ['3e9', 3e9],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['+.5E-1', 0.05],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['.nan', NaN],
    ['.', '.'],
    ['nothing', 'nothing'],
    ['"12"', '12'],
    ['!!str 12', '12'],
    ['! 12', '12'],
    ['!!int "12"', 12],
    ['!!float "1.5"', 1.5],
    ['!<tag:yaml.org,2002:bool> true', true],
    ['!Ref x', 'x'],
    ['!mine {a: 1}', { a: 1 }],
    ['!!null ""', null],
  ])('%s is what go-yaml reads: %p', (text, value) => {
    expect(read(`a: ${text}\n`)).toEqual({ a: value });
  });

  test('has aliases as the same values', () => {
    expect(read('a: &x {b: 1}\nc: *x\n&k d: *x\n')).toEqual({ a: { b: 1 }, c: { b: 1 }, d: { b: 1 } });
    expect(read('&k a: 1\nb: *k\n')).toEqual({ a: 1, b: 'a' });
  });

  test('has merged maps behind what is written out, and the earlier ones before the later ones', () => {
    expect(read('x: &x {a: 1, b: 1}\ny: &y {a: 2, c: 2}\nz:\n  <<: [*x, *y]\n  b: 3\n')).toMatchObject({
      z: { a: 1, b: 3, c: 2 },
    });
    expect(read('"<<": {a: 1}\n')).toEqual({ '<<': { a: 1 } });
  });

  test('may have keys that are no strings, or dangerous ones', () => {
    expect(read('? [1, 2]\n: 3\n4: 5\n')).toEqual({ '[1, 2]': 3, 4: 5 });
    expect(Object.entries(read('__proto__: {x: 1}\n') as object)).toEqual([['__proto__', { x: 1 }]]);
  });

  test.each<[string, string]>([
    ['a: *x\n', 'unidentified alias "x" at line 1, column 4'],
    ['a: &x [*x]\n', 'unidentified alias "x" at line 1, column 8'],
    ['a: 1\na: 2\n', 'duplicated mapping key "a" at line 2, column 1'],
    ['<<: 1\n', 'only a map can be merged into a map at line 1, column 1'],
    ['a: [\n', 'deficient indentation at line 2, column 1'],
  ])('is nothing where the text is wrong: %j', (text, message) => {
    expect(() => read(text)).toThrow(NotYaml);
    expect(() => read(text)).toThrow(message);
  });
});
