// What is put, in which order, and what stops it.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, bad, good, type Trouble } from '../../base/lib/answer.ts';
import { apply } from '../../base/reviews/setup/apply.ts';
import { type Design, type Put, readDesign, templates } from '../../base/reviews/setup/design.ts';
import { root } from '../../scripts/lib/paths.ts';
import { BASE } from './support/programs.ts';

let design: Design;
beforeAll(async () => {
  design = await readDesign(join(BASE, 'index'));
});

interface Outcome {
  readonly done: Answer<undefined>;
  readonly puts: readonly Put[];
  readonly paths: readonly string[];
  readonly said: readonly string[];
}

interface Cluster {
  readonly hasLifecycle?: Answer<boolean>;
  readonly months?: Answer<readonly string[]>;
  /** By a part of the path. */
  readonly refuses?: Readonly<Record<string, Trouble>>;
}

const run = async ({ hasLifecycle = good(true), months = good([]), refuses = {} }: Cluster = {}): Promise<Outcome> => {
  const puts: Put[] = [];
  const said: string[] = [];
  const done = await apply(
    {
      able: () => Promise.resolve(good(undefined)),
      hasLifecycle: () => Promise.resolve(hasLifecycle),
      months: () => Promise.resolve(months),
      written: () => Promise.reject(new Error('nobody asks for it here')),
      put: (put) => {
        puts.push(put);
        const trouble = Object.entries(refuses).find(([part]) => put.path.includes(part))?.[1];
        return Promise.resolve(trouble === undefined ? good(undefined) : bad(trouble, `PUT ${put.path}: ${trouble}`));
      },
    },
    design,
    (_, message) => said.push(message),
  );
  return { done, puts, paths: puts.map(({ path }) => path), said };
};

const PARTS = [
  '/_ingest/pipeline/reviews-by-month',
  '/_component_template/reviews-documents',
  '/_component_template/reviews-live',
  '/_component_template/reviews-copies',
];
const LIFECYCLE = ['/_ilm/policy/reviews', '/_component_template/reviews-lifecycle'];
const TEMPLATES = ['/_index_template/reviews-months', '/_index_template/reviews-name'];
const month = (name: string): string[] => [`/${name}/_settings`, `/${name}/_settings`, `/${name}/_mapping`];

test('each part comes after those that it names', async () => {
  const { done, paths } = await run({ months: good(['reviews-2026.10', 'reviews-2026.11-2']) });
  expect(done.ok).toBe(true);
  expect(paths).toEqual([
    ...PARTS,
    ...LIFECYCLE,
    ...TEMPLATES,
    ...month('reviews-2026.10'),
    ...month('reviews-2026.11-2'),
  ]);
});

test('every part is JSON, and holds its file', async () => {
  const { puts } = await run({ months: good(['reviews-2026.10']) });
  const bodies = puts.map(({ text }) => JSON.parse(text) as unknown);
  const parsed = (text: string): unknown => JSON.parse(text);
  expect(bodies).toEqual([
    parsed(design.pipeline),
    { template: { settings: parsed(design.settingsFixed), mappings: parsed(design.mappings) } },
    { template: { settings: parsed(design.settingsLive) } },
    { template: { settings: parsed(design.settingsCopies) } },
    parsed(design.lifecyclePolicy),
    { template: { settings: parsed(design.settingsLifecycle) } },
    parsed(design.templateMonths),
    parsed(design.templateName),
    parsed(design.settingsLive),
    parsed(design.settingsCopies),
    parsed(design.mappings),
  ]);
});

test('the policy that is stored is the one that the settings name', async () => {
  const { index } = JSON.parse(design.settingsLifecycle) as { index: { lifecycle: { name: string } } };
  expect((await run()).paths).toContain(`/_ilm/policy/${index.lifecycle.name}`);
});

test('without the module of lifecycle policies all else is put, and it says what that means', async () => {
  const { done, paths, said } = await run({ hasLifecycle: good(false) });
  expect(done.ok).toBe(true);
  expect(paths).toEqual([...PARTS, ...TEMPLATES]);
  expect(said).toEqual([expect.stringContaining('NOT deleted by themselves')]);
});

test('where it is not known whether the module is there, not all is in place', async () => {
  const { done, paths } = await run({ hasLifecycle: bad('forbidden', 'GET /_ilm/status: HTTP 403') });
  expect(done).toEqual(bad('forbidden', 'GET /_ilm/status: HTTP 403'));
  expect(paths).toEqual(PARTS);
});

test.each<Trouble>(['refused', 'forbidden', 'busy', 'not-understood'])(
  'a part that is %s stops what is built on it',
  async (trouble) => {
    const { done, paths } = await run({ refuses: { 'reviews-live': trouble } });
    expect(done).toEqual(bad(trouble, `PUT ${PARTS[2]}: ${trouble}`));
    expect(paths).toEqual(PARTS.slice(0, 3));
  },
);

test('where it is not known which months exist, not all is in place', async () => {
  const unknown = bad('not-understood', 'GET /_cluster/health/reviews-*: indices is missing');
  expect((await run({ months: unknown })).done).toEqual(unknown);
});

test('a month that refuses is named, and keeps no other from following', async () => {
  const months = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `reviews-${name}`);
  const refuses: Record<string, Trouble> = { 'reviews-b/_map': 'refused', 'reviews-d/_set': 'forbidden' };
  const { done, paths } = await run({ months: good(months), refuses });
  expect(done).toMatchObject({
    trouble: 'refused',
    detail: expect.stringMatching(
      /; 2 of 6 that exist .*PUT \/reviews-b\/_mapping: refused; PUT \/reviews-d\/_settings: /,
    ),
  });
  expect(paths).toEqual(expect.arrayContaining(month('reviews-f')));
  const all = await run({ months: good(months), refuses: { _mapping: 'refused' } });
  expect(all.done).toMatchObject({
    detail: expect.stringMatching(/6 of 6 .*reviews-c\/_mapping: refused; and 3 more$/),
  });
});

test('a month that retention has just deleted is none that does not follow', async () => {
  const { done } = await run({ months: good(['reviews-a']), refuses: { 'reviews-a': 'absent' } });
  expect(done.ok).toBe(true);
});

test.each<Trouble>(['busy', 'no-answer', 'not-listening'])(
  'a server that is %s is not asked about the next month',
  async (trouble) => {
    const { done, paths } = await run({ months: good(['reviews-a', 'reviews-b']), refuses: { 'reviews-a': trouble } });
    expect(done).toMatchObject({ trouble });
    expect(paths.filter((path) => path.includes('reviews-b/'))).toEqual([]);
  },
);

describe('what a component puts beside the files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'design-'));
    cpSync(join(BASE, 'index'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is put after the design, in its order; the own pipeline of the probe is that of the reviews', async () => {
    cpSync(join(root, 'components/reviews-probe/index/more-probe.json'), join(folder, 'more-probe.json'));
    const { more, pipeline } = await readDesign(folder);
    expect(design.more).toEqual([]);
    expect(templates({ ...design, more }).slice(2)).toEqual(more);
    expect(more.map(({ path }) => path)).toEqual([
      '/_ingest/pipeline/probe-reviews-by-month',
      '/_index_template/probe-reviews-months',
      '/_index_template/probe-reviews-name',
    ]);
    const processors = (text: string): string =>
      JSON.stringify((JSON.parse(text) as { processors: object }).processors);
    expect(processors(more[0]?.text ?? '')).toBe(processors(pipeline).replace('"reviews-"', '"probe-reviews-"'));
    interface Template {
      readonly composed_of: readonly string[];
    }
    const [months, own] = [design.templateMonths, more[1]?.text ?? ''].map(
      (text) => (JSON.parse(text) as Template).composed_of,
    );
    expect(own).toEqual(months?.filter((part) => part !== 'reviews-lifecycle'));
  });

  test.each([
    ['{"/_ingest/pipeline/reviews-by-month": {}}', "'/_ingest/pipeline/reviews-by-month' is no pipeline or template"],
    ['{"/_security/user/x": {}}', "'/_security/user/x' is no pipeline or template"],
    ['{"/_index_template/x": 1}', '/_index_template/x is number, not an object'],
    ['[]', 'the file is a list, not an object'],
    ['{', 'JSON'],
  ])('is refused by its name where it is %s', async (text, why) => {
    writeFileSync(join(folder, 'more-x.json'), text);
    await expect(readDesign(folder)).rejects.toThrow(why);
    await expect(readDesign(folder)).rejects.toThrow('more-x.json cannot be used');
  });
});
