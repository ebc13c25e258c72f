import { describe, expect, test } from '@jest/globals';
import { cutList } from '../../../../functions/elasticsearch-topology/src/resource-list/by-item.ts';
import type { ResourceList } from '../../../../functions/elasticsearch-topology/src/resource-list/list.ts';
import { bytes, HEAD, written } from '../../support/texts.ts';

const cut = (text: string): ResourceList | undefined => cutList(bytes(text));
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
    expect(list && written(list, [{ item: 0, path: ['k'], value: 'v' }], [{ message: 'm' }])).toContain('k: v');
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
});
