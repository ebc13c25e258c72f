// What `make doctor` says about Elasticsearch, by what it has read of it.
import { describe, expect, test } from '@jest/globals';
import { certificateVerdict } from '../../../scripts/lib/questions/certificate.ts';
import { greenVerdict, versionsVerdict, zonesVerdict } from '../../../scripts/lib/questions/cluster.ts';
import {
  allocationVerdict,
  filtersVerdict,
  votesVerdict,
  writesVerdict,
} from '../../../scripts/lib/questions/leftovers.ts';
import type { Verdict } from '../../../scripts/lib/questions/verdict.ts';
import { settings, state } from './support.ts';

const told = ({ says, detail }: Verdict): string => `${says}: ${detail}`;

describe('green', () => {
  const green = { status: 'green', nodes: 3, unassigned: 0, initializing: 0, relocating: 0 };
  test.each([
    [green, 'yes: 3 nodes'],
    [{ ...green, relocating: 2 }, 'yes: 3 nodes, 2 copies move'],
    [{ ...green, nodes: 2 }, 'no: it is, but it has 2 nodes, and the StatefulSet wants 3'],
    [{ ...green, status: 'yellow', unassigned: 4 }, 'no: it is yellow: 4 copies are on no node, 0 are being made'],
  ])('%j', (health, says) => {
    expect(told(greenVerdict(health, 3))).toBe(says);
  });
});

describe('zones', () => {
  test('are told where each shard has copies in two', () => {
    expect(told(zonesVerdict(state()))).toBe('yes: 1 shards in 3 zones');
  });

  test.each(['INITIALIZING', 'UNASSIGNED'])('a copy that is %s protects nothing', (how) => {
    const copies = state().copies.map((copy, i) => (i === 0 ? copy : { ...copy, state: how }));
    expect(told(zonesVerdict(state({ copies })))).toBe('no: all that serves of reviews-2026.11/0 is in one zone');
  });

  test('two copies in one zone are one', () => {
    const members = state().members.map((member) => ({ ...member, zone: member.zone === 'b' ? 'a' : member.zone }));
    expect(zonesVerdict(state({ members })).says).toBe('no');
  });

  test('a node without one is named', () => {
    const [first, ...others] = state().members.map((member) => ({ ...member }));
    const members = [{ name: first?.name ?? '', version: '9.5.3', zone: undefined }, ...others];
    expect(told(zonesVerdict(state({ members })))).toBe('no: elasticsearch-0 knows no zone of its own');
  });
});

test('versions that differ are each named', () => {
  expect(told(versionsVerdict(state()))).toBe('yes: 9.5.3');
  const members = state().members.map((member, i) => ({ ...member, version: i === 2 ? '9.6.0' : '9.5.3' }));
  expect(told(versionsVerdict(state({ members })))).toBe(
    'no: elasticsearch-0 9.5.3, elasticsearch-1 9.5.3, elasticsearch-2 9.6.0',
  );
});

describe('what is left behind', () => {
  test('nothing', () => {
    const verdicts = [filtersVerdict(settings()), allocationVerdict(settings())];
    expect([...verdicts, votesVerdict(state()), writesVerdict(state())].map(({ says }) => says)).toEqual(
      Array.from({ length: 4 }, () => 'yes'),
    );
  });

  test.each([
    ['persistent', settings({ 'cluster.routing.allocation.exclude._name': 'elasticsearch-1' })],
    ['transient', settings({}, { 'cluster.routing.allocation.exclude._name': 'elasticsearch-1' })],
    ['of another attribute', settings({ 'cluster.routing.allocation.require.zone': 'a' })],
  ])('a filter, %s', (_, of) => {
    expect(filtersVerdict(of).says).toBe('no');
  });

  test('an empty filter is none', () => {
    expect(filtersVerdict(settings({ 'cluster.routing.allocation.exclude._name': '' })).says).toBe('yes');
  });

  test.each([
    ['cluster.routing.allocation.enable', 'primaries'],
    ['cluster.routing.rebalance.enable', 'none'],
  ])('%s', (name, value) => {
    expect(told(allocationVerdict(settings({ [name]: value })))).toBe(`no: ${name} is "${value}"`);
  });

  test('an excluded vote, and an index that a full disk has closed', () => {
    expect(told(votesVerdict(state({ excludedVotes: ['elasticsearch-2'] })))).toMatch(/^no: of elasticsearch-2 /);
    expect(told(writesVerdict(state({ closedByDisk: ['reviews-2026.11'] })))).toBe(
      'no: a full disk has closed reviews-2026.11',
    );
    const many = Array.from({ length: 2000 }, (_, i) => `reviews-${i}`);
    expect(told(writesVerdict(state({ closedByDisk: many })))).toMatch(/reviews-2 and 1997 more$/);
    expect(told(writesVerdict(state({ blocks: ['cluster read-only (api)'] })))).toBe('no: cluster read-only (api)');
  });
});

test.each([
  [31, 'yes: 31 days are left'],
  [30, 'yes: 30 days are left'],
  [29.9, 'no: 29 days are left'],
  [-1.5, 'no: it ended 2 days ago'],
])('a certificate with %d days', (days, says) => {
  const now = Date.UTC(2026, 11, 2);
  expect(told(certificateVerdict(now + days * 86_400_000, now))).toBe(says);
});
