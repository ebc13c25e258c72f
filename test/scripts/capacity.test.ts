// The calculator, and the example that docs/capacity.md goes through.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Plan, planOf, type Wishes } from '../../scripts/lib/capacity/plan.ts';
import { inputs, planText, wishesOf } from '../../scripts/lib/capacity/text.ts';
import { root } from '../../scripts/lib/paths.ts';

const gib = 2 ** 30;
const plain: Wishes = wishesOf({});
const plan = (change: Partial<Wishes> = {}): Plan => planOf({ ...plain, ...change });

describe('reviews', () => {
  test('of a month are a shard until they are more than 50 GB', () => {
    expect(plan().monthBytes / 1e9).toBeCloseTo(1.2175, 4);
    expect(plan().shardsAMonth).toBe(1);
    expect(plan({ reviewsADay: 1_600_000 }).shardsAMonth).toBe(1);
    expect(plan({ reviewsADay: 1_700_000 }).shardsAMonth).toBe(2);
    expect(plan().shards).toBe(28 * 3);
  });

  test('ten times as many need more disk, and a hundred times as many more nodes', () => {
    const one = plan();
    expect(one.nodes).toBe(3);
    expect(one.diskNeeded / 1e9).toBeCloseTo((31.72 + 1.2175) / 0.85, 3);
    expect(plan({ reviewsADay: 400_000, disk: 500 * gib }).nodes).toBe(3);
    const many = plan({ reviewsADay: 4_000_000, disk: 1000 * gib });
    expect(many.nodes).toBeGreaterThan(9);
    expect(many.diskNeeded).toBeLessThan(1000 * gib);
  });
});

describe('the loss of a zone', () => {
  const kept = plain.reviewsADay * plain.bytesAReview * plain.daysKept;
  const month = plan().monthBytes;
  test('adds nothing where each zone has a copy of everything', () => {
    expect(plan({ copies: 3, zones: 3 }).diskNeeded).toBeCloseTo((kept + month) / 0.85, 0);
  });
  test('with two copies in three zones leaves the other two with all of both', () => {
    expect(plan({ copies: 2, zones: 3 }).diskNeeded).toBeCloseTo((kept + month) / 0.85, 0);
  });
  test('with two copies in five zones is shared by four', () => {
    expect(plan({ copies: 2, zones: 5 }).diskNeeded).toBeCloseTo((kept / 2 + month) / 0.85, 0);
  });
  test('of a node among two of its zone leaves the other with what both had', () => {
    const two = plan({ disk: (kept + month) / 0.85 - 1 });
    // Two would not do, since one of them is left with everything; three have two that are left.
    expect(two.nodes).toBe(9);
    expect(two.diskNeeded).toBeCloseTo((kept / 2 + month) / 0.85, 0);
  });
});

test('shards are limited to a thousand a node', () => {
  const small = plan({ reviewsADay: 1_700_000, daysKept: 20_000, disk: 1e18 });
  expect(small.shardsANode).toBeLessThanOrEqual(1000);
  expect(small.nodes).toBeGreaterThan(3);
});

test('the heap is half of the memory, 26 GiB at most; the rest keeps the newest months at hand', () => {
  expect(plan().heap).toBe(4 * gib);
  expect(plan({ memory: 128 * gib }).heap).toBe(26 * gib);
  expect(plan({ memory: 8 * gib }).monthsInCache).toBe(3);
  expect(plan({ memory: 1 * gib }).monthsInCache).toBe(0);
});

test.each<[string, Partial<Wishes>, RegExp]>([
  ['two zones', { zones: 2 }, /two zones: the loss of one ends/],
  ['one zone', { zones: 1 }, /one zone/],
  ['one copy', { copies: 1 }, /loses reviews/],
  ['more copies than zones', { copies: 4 }, /some share a zone/],
  ['disks that are always too small', { disk: 1e9 }, /no number of nodes/],
])('%s is warned of', (_, change, text) => {
  expect(plan(change).warnings.join('\n')).toMatch(text);
});

test('three nodes are the least, in one zone too', () => {
  expect(plan({ zones: 1 }).nodes).toBe(3);
  expect(plan().warnings).toEqual([]);
});

test.each([
  [{ REVIEWS: 'many' }, /REVIEWS must be a whole number above 0, but is "many"/],
  [{ COPIES: '0' }, /COPIES must be/],
  [{ ZONES: '2.5' }, /ZONES must be a whole number/],
  [{ MEMORY: '8GB' }, /MEMORY must be a size such as 8Gi/],
])('%j is refused by name', (env, message) => {
  expect(() => wishesOf(env)).toThrow(message);
});

describe('docs/capacity.md', () => {
  const page = readFileSync(join(root, 'docs/capacity.md'), 'utf8');
  const examples = [...page.matchAll(/ {4}make capacity(.*)\n\n```text\n([^]*?)\n```/g)];

  test('has examples, each with the answer that the calculator gives', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const [, args = '', answer] of examples) {
      const wishes = wishesOf(
        Object.fromEntries(
          args
            .trim()
            .split(/\s+/)
            .map((pair) => pair.split('=')),
        ),
      );
      expect(planText(wishes, planOf(wishes))).toBe(answer);
    }
  });

  test('names every input with what it is by itself', () => {
    for (const [name, value] of Object.entries(inputs)) expect(page).toContain(`| \`${name}\` | ${value} |`);
  });
});

test("prod's nodes are those of the inputs", () => {
  const size = readFileSync(join(root, 'overlays/prod/node-size.yaml'), 'utf8');
  expect(size).toContain(`storage: ${inputs.DISK}\n`);
  expect(size).toContain(`memory: ${inputs.MEMORY}\n`);
  const policy = readFileSync(join(root, 'base/reviews/index/lifecycle-policy.json'), 'utf8');
  // A month is deleted so many days after it was made: its first review is as old then.
  const after = Number(/"min_age": "(\d+)d", "actions": { "delete"/.exec(policy)?.[1]);
  expect(Number(inputs.DAYS)).toBe(after + 31);
});
