// The rule about the loss of a zone, against all that can happen: every distribution of the nodes that the spread
// allows, every set of voters, every place of the copies that Elasticsearch allows, and the loss of each zone.
import { describe, expect, test } from '@jest/globals';
import { lossOfZone } from '../../../../functions/elasticsearch-topology/src/topology/quorum.ts';

/** The zone of each node, for every way to put `nodes` into `zones` with no two zones more than one node apart. */
function distributions(nodes: number, zones: number): number[][] {
  const counts = (left: number, of: number): number[][] =>
    of === 0
      ? left === 0
        ? [[]]
        : []
      : Array.from({ length: left + 1 }, (_, count) =>
          counts(left - count, of - 1).map((rest) => [count, ...rest]),
        ).flat();
  return counts(nodes, zones)
    .filter((each) => Math.max(...each) - Math.min(...each) <= 1)
    .map((each) => each.flatMap((count, zone) => Array.from({ length: count }, () => zone)));
}

/** All subsets of so many nodes. */
function subsets(nodes: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, nodes - from) }, (_, i) => from + i).flatMap((first) =>
    subsets(nodes, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

/** With allocation awareness a zone holds at most its share of the copies, of the zones that have nodes. */
function isAllowed(copies: readonly number[], zoneOf: readonly number[]): boolean {
  const share = Math.ceil(copies.length / new Set(zoneOf).size);
  return zoneOf.every((zone) => copies.filter((node) => zoneOf[node] === zone).length <= share);
}

function worst(nodes: number, zones: number): Set<string> {
  const losses = new Set<string>();
  // The voting configuration has an odd number of nodes: all, or all but any one.
  const voters = subsets(nodes, nodes % 2 === 1 ? nodes : nodes - 1);
  // Two copies of an index, or three as the reviews have: never two on one node.
  const copies = [2, 3].flatMap((count) => subsets(nodes, Math.min(count, nodes)));
  for (const zoneOf of distributions(nodes, zones))
    for (let lost = 0; lost < zones; lost++) {
      const stays = (node: number): boolean => zoneOf[node] !== lost;
      if (voters.some((all) => all.filter(stays).length <= all.length / 2)) losses.add('Quorum');
      if (copies.some((all) => isAllowed(all, zoneOf) && !all.some(stays))) losses.add('LastCopy');
    }
  return losses;
}

const cases = Array.from({ length: 12 }, (_, i) => i + 1).flatMap((nodes) =>
  [1, 2, 3, 4].map((zones) => ({ nodes, zones })),
);

describe('The loss of a zone', () => {
  test.each(cases)('of $zones costs $nodes nodes what the worst case costs', ({ nodes, zones }) => {
    expect(distributions(nodes, zones).length).toBeGreaterThan(0);
    expect(new Set<string>(lossOfZone(nodes, zones))).toEqual(worst(nodes, zones));
  });

  test('costs nothing where there are enough of both, and something where there are not', () => {
    const survives = cases.filter(({ nodes, zones }) => worst(nodes, zones).size === 0);
    expect(survives.length).toBeGreaterThan(10);
    expect(survives.length).toBeLessThan(cases.length - 20);
  });
});
