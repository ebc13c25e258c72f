import { describe, expect, test } from '@jest/globals';
import { cutList } from '../../../../functions/elasticsearch-topology/src/resource-list/by-item.ts';
import { wholeList } from '../../../../functions/elasticsearch-topology/src/resource-list/whole.ts';
import type { Edit } from '../../../../functions/elasticsearch-topology/src/yaml/edit.ts';
import {
  BadInput,
  NeedsWholeText,
  type Resource,
  type ResourceList,
} from '../../../../functions/elasticsearch-topology/src/resource-list/list.ts';
import { withResourceList } from '../../../../functions/elasticsearch-topology/src/resource-list/read.ts';
import { call } from '../../support/call.ts';
import { examples } from '../../support/examples.ts';

const HEAD = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n';
const bytes = (text: string): Uint8Array => Buffer.from(text);
const cut = (text: string): ResourceList | undefined => cutList(bytes(text));
const written = (list: ResourceList, ...edits: Parameters<ResourceList['write']>): string =>
  Buffer.concat(list.write(...edits)).toString();
const kinds = (list: ResourceList | undefined, kind: string, word: string, asKey?: 'as key'): number[] | undefined =>
  list?.find(kind, word, asKey).map(({ item }) => item);

describe('A list in block style', () => {
  const text = `${HEAD}items:
- kind: A
  data: {word: x}
- apiVersion: v1
  kind: "B"
  data:
    text: |
      - kind: C
      word: in a text
- metadata:
    kind: A
- {kind: A, word: 1}
# the end
functionConfig:
  kind: word
`;

  test('is cut into items that are found by a word of theirs', () => {
    const list = cut(text);
    expect(kinds(list, 'A', 'word')).toEqual([0, 1, 3]);
    expect(kinds(list, 'B', 'word')).toEqual([1, 3]);
    expect(kinds(list, 'A', 'metadata')).toEqual([2]);
    expect(kinds(list, 'A', 'nowhere')).toEqual([]);
    expect(list?.functionConfig).toEqual({ kind: 'word' });
  });

  test('has words as keys where a colon is behind them', () => {
    expect(
      kinds(
        cut(`${HEAD}items:\n- a: word\n- word: 1\n- "word" : 1\n- {'word':1}\n- words: word\n`),
        'A',
        'word',
        'as key',
      ),
    ).toEqual([1, 2, 3]);
  });

  test.each([
    ['in a flow map over several lines', '- {\n  kind: A,\n  word: 1\n  }\n'],
    ['behind a flow map over several lines', '- {word: {\n  kind: B\n  }, kind: A}\n'],
    ['left of keys of the same name', '-\n kind: A\n word:\n  kind: B\n'],
    ['with a tag', '- !t\n kind: A\n word:\n  kind: B\n'],
    ['in quotes', '- "kind": "A"\n  word: 1\n'],
    ['with a comment', '- word: 1\n  kind: A # B\n'],
    ['right of a wide dash', '-   kind: A\n    word:\n      kind: B\n'],
  ])('is searched for a kind %s', (_what, item) => {
    expect(kinds(cut(`${HEAD}items:\n${item}`), 'A', 'word')).toEqual([0]);
  });

  test('gives items back as data', () => {
    expect(cut(text)?.object(3)).toEqual({ kind: 'A', word: 1 });
  });

  test('is written as it came where nothing is edited', () => {
    const list = cut(text);
    expect(list && written(list, [], [])).toBe(text);
  });

  test.each([
    ['indented items', `${HEAD}items:\n  # c\n\n  - a: 1\n  - b: 2\n`],
    ['items before the head', `items:\n- a: 1\n${HEAD}`],
    ['a comment behind its key', `${HEAD}items: # c\n- a: 1\n`],
    ["a document's start", `---\n${HEAD}items:\n- a: 1\n`],
    ['dashes alone on their lines', `${HEAD}items:\n-\n  a: 1\n-\t\n  b: 1\n`],
  ])('may have %s', (_what, given) => {
    const list = cut(given);
    expect(list && written(list, [{ item: 0, path: ['k'], value: 'v', why: '' }], [{ message: 'm' }])).toContain(
      'k: v',
    );
    expect(list && written(list, [], [])).toBe(given);
  });

  test.each([
    ['JSON', '{"kind": "ResourceList"}\n'],
    ['flow style', `${HEAD}items: [{a: 1}]\n`],
    ['flow style on the next line', `${HEAD}items:\n  [{a: 1}]\n`],
    ['no items', HEAD],
    ['items of nothing', `${HEAD}items:\n`],
    ['no line break at the end', `${HEAD}items:\n- a: 1`],
    ['an end of the document', `${HEAD}items:\n- a: 1\n...\n`],
    ['a second document', `${HEAD}items:\n- a: 1\n--- {}\n`],
    ['what is no YAML around the items', `${HEAD}x: [\nitems:\n- a: 1\n`],
  ])('is not one with %s', (_what, given) => {
    expect(cut(given)).toBeUndefined();
  });

  test('whose items share anchors is read as a whole', () => {
    const given = `${HEAD}items:\n- &a {kind: A}\n- *a\n`;
    expect(() => cut(given)?.object(0)).toThrow(NeedsWholeText);
    expect(withResourceList(bytes(given), (list) => list.object(1))).toEqual({ kind: 'A' });
  });

  test('of which an item is two is read as a whole, and refused there', () => {
    expect(() => withResourceList(bytes(`${HEAD}items:\n- a: 1\n x\n`), (list) => list.object(0))).toThrow(BadInput);
  });

  test('that holds results of another function gets the new ones behind them', () => {
    const given = `${HEAD}items:\n- a: 1\nresults:\n- message: old\n`;
    const add = (list: ResourceList): string => written(list, [], [{ message: 'old' }, { message: 'new' }]);
    expect(withResourceList(bytes(given), add)).toBe(`${given}- message: new\n`);
    expect(withResourceList(bytes(given), (list) => written(list, [], [{ message: 'old' }]))).toBe(given);
  });

  test('stops what is wrong with the work, not with the list', () => {
    expect(() =>
      withResourceList(bytes(text), () => {
        throw new RangeError('x');
      }),
    ).toThrow(RangeError);
  });
});

describe('A list read as a whole', () => {
  test('gives for every example what the list cut into items gives', () => {
    const edits = ({ item }: Resource): Edit[] => [
      { item, path: ['spec', 'replicas'], value: 9, why: '' },
      { item, path: ['metadata', 'new'], value: { a: ['b'] }, why: '' },
    ];
    const compared = examples().filter(({ name, input }) => {
      if (/not-|alias/.test(name) || cutList(input) === undefined) return false;
      const set = wholeList(input)
        .find('StatefulSet', 'StatefulSet')
        .find(({ object }) => (object as { kind?: unknown }).kind === 'StatefulSet');
      const changes = set === undefined ? [] : edits(set);
      const whole = written(wholeList(input), changes, []);
      expect(withResourceList(input, (list) => written(list, changes, []))).toBe(whole);
      return true;
    });
    expect(compared.length).toBeGreaterThan(20);
  });

  test.each([
    ['nothing', '', 'found nothing'],
    ['only a comment', '# c\n', 'found nothing'],
    ['null', 'null\n', 'found nothing'],
    ['a word', 'word\n', 'found "word"'],
    ['a list', '- 1\n', 'found [1]'],
    ['two documents', `${HEAD}---\n${HEAD}`, 'found 2 documents'],
    ['another kind', 'apiVersion: v1\nkind: List\n', 'found `kind` "List" of `apiVersion` "v1"'],
    ['no kind', 'a: 1\n', 'found `kind` nothing of `apiVersion` nothing'],
    ['another API', 'apiVersion: v1\nkind: ResourceList\n', 'found `kind` "ResourceList"'],
    ['items that are no list', `${HEAD}items: {}\n`, '`items` of the input must be a list'],
    ['no YAML', '{', 'the input must be YAML or JSON: '],
    ['bytes that are no text', 'a: \xff\n', 'the input must be UTF-8'],
  ])('is refused: %s', (_what, given, message) => {
    const { code, stdout, stderr } = call(Buffer.from(given, 'latin1'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  test('may have a replacement character that is one', () => {
    expect(call(`${HEAD}items: [{a: "\uFFFD"}]\n`).stdout).toContain('a: "\uFFFD"');
  });

  test('may have no items at all', () => {
    expect(call(HEAD).stderr).toContain('found nothing');
    expect(call(`${HEAD}items: null\n`).stdout).toContain('results:');
  });

  test('with a byte order mark keeps it', () => {
    expect(call(`\uFEFF${HEAD}items: []\n`).stdout.startsWith('\uFEFFapiVersion')).toBe(true);
  });

  test('edits what anchors tie together only where nothing else changes', () => {
    const list = wholeList(bytes(`${HEAD}items:\n- &a {b: 1}\n- {c: *a, d: 1}\n`));
    expect(written(list, [{ item: 1, path: ['d'], value: 2, why: '' }], [])).toContain('- {c: *a, d: 2}');
    expect(() => written(list, [{ item: 0, path: ['b'], value: 2, why: '' }], [])).toThrow(
      'can not be edited in place',
    );
    expect(() => written(list, [{ item: 7, path: ['b'], value: 2, why: '' }], [])).toThrow(
      'can not be edited in place',
    );
  });
});
