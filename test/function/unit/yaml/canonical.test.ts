// The form in which kustomize writes is read by a reader of our own, for speed. Whatever it takes it must read just as
// the parser does, and what it does not understand it must leave to that.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalNode } from '../../../../functions/elasticsearch-topology/src/yaml/canonical.ts';
import { nearlyCanonical, readings } from '../../support/canonical.ts';
import { choices, randomTape } from '../../support/tape.ts';

const items = (overlay: string): string[] =>
  readFileSync(join(__dirname, `../../../../rendered/${overlay}.yaml`), 'utf8')
    .replace(/^#.*\n/gm, '')
    .split(/^---\n/m);

describe('What is in the canonical form', () => {
  test.each(['dev', 'prod'])('is read as the parser reads it: all of %s', (overlay) => {
    expect(items(overlay).filter((item) => !readings(item).agree)).toEqual([]);
  });

  test.each(['dev', 'prod'])('are the resources of %s that the function reads', (overlay) => {
    const read = items(overlay).filter((item) =>
      /^kind: StatefulSet$|^kind: Service$|unicast_hosts\.txt: /m.test(item),
    );
    expect(read.length).toBeGreaterThanOrEqual(3);
    expect(read.filter((item) => !readings(item).canonical)).toEqual([]);
  });

  test('is read as the parser reads it, whatever is put into it or taken out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300, size: 'max' }), (tape) => {
        const text = nearlyCanonical(choices(tape));
        expect({ text, agree: readings(text).agree }).toEqual({ text, agree: true });
      }),
      { numRuns: 5000 },
    );
  });

  test('is a good part of the texts that this was tried with', () => {
    const texts = Array.from({ length: 1000 }, (_, seed) => nearlyCanonical(choices(randomTape(seed, 300))));
    expect(texts.filter((text) => readings(text).canonical).length).toBeGreaterThan(250);
  });

  test.each([
    ['a comment', 'a: b # c\n'],
    ['a line of comment', 'a: b\n# c\nd: e\n'],
    ['an anchor', 'a: &x b\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['an escape', 'a: "\\n"\n'],
    ['a value over two lines', 'a: b\n  c\n'],
    ['a value on the next line', 'a:\n  b\n'],
    ['a block on the next line', 'a:\n |\nb: c\n'],
    ['flow style', 'a: [b]\n'],
    ['another chomping', 'a: |+\n  b\n'],
    ['a folded block', 'a: >\n  b\n'],
    ['an empty line', 'a: b\n\nc: d\n'],
    ['an empty line in a block', 'a: |\n  b\n\n  c\n'],
    ['a tab', 'a:\tb\n'],
    ['a carriage return', 'a: b\r\n'],
    ['a letter that is not ASCII', 'a: é\n'],
    ['a quoted key', '"a": b\n'],
    ['an explicit key', '? a\n: b\n'],
    ['a merge', '<<: {}\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['a scalar alone', 'a\n'],
    ['nothing', ''],
    ['a line too far left', '  a: b\nc: d\n'],
    ['a line too far right', 'a: b\n  c: d\n'],
    ['an item behind a value', 'a: b\n- c\n'],
    ['more nesting than the parser takes', `${'- '.repeat(120)}a\n`],
  ])('is not %s', (_, text) => {
    expect(canonicalNode(text)).toBeUndefined();
  });
});
