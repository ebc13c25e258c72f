// Kustomize and kpt read what the function writes with kyaml, a Go library: it must find there what it found before,
// apart from the edits, down to the type of each scalar.
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ItemEdit } from '../../functions/elasticsearch-topology/src/resource-list/list.ts';
import { resultData } from '../../functions/elasticsearch-topology/src/resource-list/results.ts';
import { applyEdit } from '../../functions/elasticsearch-topology/src/yaml/edit.ts';
import { valuesByKyaml } from '../bench/kyaml.ts';
import { call } from './support/call.ts';
import { planned } from './support/law.ts';
import { generate } from './support/lists.ts';
import { randomTape } from './support/tape.ts';

jest.setTimeout(600_000);

/** A value as kyaml's reader shows it. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
  }
  const tags: Record<string, string> = { string: '!!str', number: '!!int', boolean: '!!bool' };
  return ['scalar', tags[typeof value], String(value)];
}

type Values = { readonly items?: unknown[]; readonly results?: unknown[]; readonly error?: string };

function edited(before: Values, edits: readonly ItemEdit[], results: readonly unknown[]): Values {
  const items = before.items?.map((item, i) =>
    edits
      .filter((edit) => edit.item === i)
      .reduce(
        (data: unknown, { path, value }) =>
          applyEdit(data, { path, value: value === undefined ? undefined : (shown(value) as never) }),
        item,
      ),
  );
  const added = [...(before.results ?? []), ...results.map(shown)];
  return { ...before, ...(items === undefined ? {} : { items }), ...(added.length === 0 ? {} : { results: added }) };
}

describe('To kyaml, the output of the function', () => {
  const texts = Array.from({ length: 400 }, (_, seed) => generate(randomTape(seed, 4000)).text);
  let before: Values[] = [];
  let after: Values[] = [];
  const called = texts.map(call);

  beforeAll(() => {
    before = valuesByKyaml(texts) as Values[];
    after = valuesByKyaml(called.map(({ stdout }) => stdout)) as Values[];
  });

  test('says what the input said, with the planned edits', () => {
    texts.forEach((text, seed) => {
      const found = before[seed];
      if (found === undefined || found.error !== undefined) return;
      if (/YAML anchor/.test(called[seed]?.stderr ?? '')) return;
      const { edits, results } = planned(text);
      expect({ seed, list: after[seed] }).toEqual({ seed, list: edited(found, edits, results.map(resultData)) });
    });
  });

  test('can be read wherever the input can, and nearly every input can', () => {
    const readable = before.flatMap((found, seed) => (found.error === undefined ? [seed] : []));
    expect(readable.filter((seed) => after[seed]?.error !== undefined)).toEqual([]);
    expect(readable.length).toBeGreaterThan(texts.length * 0.9);
  });
});
