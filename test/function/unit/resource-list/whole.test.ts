import { describe, expect, test } from '@jest/globals';
import { wholeList } from '../../../../functions/elasticsearch-topology/src/resource-list/whole.ts';
import { call } from '../../support/call.ts';
import { bytes, HEAD, written } from '../../support/texts.ts';

describe('A list read as a whole', () => {
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
    expect(written(list, [{ item: 1, path: ['d'], value: 2 }], [])).toContain('- {c: *a, d: 2}');
    expect(() => written(list, [{ item: 0, path: ['b'], value: 2 }], [])).toThrow('can not be edited in place');
    expect(() => written(list, [{ item: 7, path: ['b'], value: 2 }], [])).toThrow('can not be edited in place');
  });
});
