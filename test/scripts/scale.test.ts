// What a deploy says about nodes that leave and claims that are there, decided on objects as the API server gives them.
import { describe, expect, test } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import type { NodeClaim } from '../../scripts/lib/check/claims.ts';
import { scaleFindings } from '../../scripts/lib/check/scale.ts';
import { claims, pod, set } from './support/standing.ts';

const found = (
  rendered: IStatefulSet,
  statefulSet: IStatefulSet | undefined,
  there: readonly NodeClaim[],
  pods: readonly IPod[] = [],
): string[] =>
  scaleFindings(rendered, { statefulSet, claims: there, pods }).map(({ level, message }) => `${level}: ${message}`);

const three = [0, 1, 2];
const deleting = { whenScaled: 'Delete' };

test('nothing is said where nodes and claims stay as they are, or nothing is there yet', () => {
  expect(found(set(), set(), claims(three))).toEqual(['ok: no node leaves, and no claim from before is taken']);
  expect(found(set(), undefined, [])).toEqual(['ok: no node leaves, and no claim from before is taken']);
});

describe('fewer nodes', () => {
  test('leave their claims behind by Retain', () => {
    expect(found(set(), set({ replicas: 5 }), claims([...three, 3, 4]))).toEqual([
      'warning: replicas go from 5 to 3: elasticsearch-3, elasticsearch-4 leave for good; each moves its data to the ' +
        'others first. Their claims (data-elasticsearch-3, data-elasticsearch-4) then stay without a node: they take ' +
        'up storage, and a later scale-up finds them again (whenScaled: Retain)',
    ]);
  });

  test('take their claims along by Delete', () => {
    expect(found(set(deleting), set({ ...deleting, replicas: 4 }), claims([...three, 3]))).toEqual([
      expect.stringMatching(
        /^warning: .*Their claims \(data-elasticsearch-3\) are then deleted \(whenScaled: Delete\)$/,
      ),
    ]);
  });

  test('by the policy that the overlay brings, where the cluster has another one', () => {
    expect(found(set(deleting), set({ replicas: 4 }), claims([...three, 3]))).toEqual([
      expect.stringMatching(
        /are then deleted \(whenScaled: Retain in the cluster, but Delete as soon as the overlay is applied\)$/,
      ),
      expect.stringMatching(/^warning: whenScaled changes from Retain to Delete/),
    ]);
  });

  test('none at all: an error where that would delete everything', () => {
    expect(found(set({ replicas: 0 }), set(), claims(three))).toEqual([
      expect.stringMatching(/^warning: replicas go from 3 to 0: .*no other takes their data.* stay without a node/),
    ]);
    expect(found(set({ ...deleting, replicas: 0 }), set(deleting), claims(three))).toEqual([
      expect.stringMatching(/^error: .*no other takes their data, and their claims .* would be deleted/),
    ]);
  });

  test('are told by their ordinals, not by their number', () => {
    expect(found(set({ start: 1 }), set(), claims(three))).toEqual([
      expect.stringMatching(/: elasticsearch-0 leave for good/),
    ]);
  });
});

describe('more nodes', () => {
  test('over claims from before start with what is on them', () => {
    expect(found(set({ replicas: 5 }), set(), claims([...three, 3]))).toEqual([
      expect.stringMatching(
        /^warning: replicas go from 3 to 5, .*: data-elasticsearch-3\. Their nodes start with what is on them/,
      ),
    ]);
  });

  test.each([
    ['a claim that is deleted', { leaving: true }],
    ['a claim of a pod that leaves', { owners: [{ kind: 'Pod', name: 'elasticsearch-3' }] }],
  ])('over %s start with an empty disk', (_, options) => {
    expect(found(set({ replicas: 5 }), set(), [...claims(three), ...claims([3], options)])).toEqual([
      expect.stringMatching(/^warning: data-elasticsearch-3: being deleted\. .* empty disks$/),
    ]);
  });

  test('over no claims need no word', () => {
    expect(found(set({ replicas: 5 }), set(), claims(three))).toEqual([expect.stringMatching(/^ok/)]);
  });
});

describe('where no node runs', () => {
  test.each([
    ['without a StatefulSet', undefined],
    ['with one that is scaled to none', set({ replicas: 0 })],
  ])('%s, the claims are the data', (_, live) => {
    expect(found(set(), live, claims([0, 2]))).toEqual([
      expect.stringMatching(
        /^warning: no node runs, .*: data-elasticsearch-0, data-elasticsearch-2\. .*; elasticsearch-1 start with empty/,
      ),
    ]);
  });

  test('those that no node would take are missed, and the number of nodes that takes all is said', () => {
    expect(found(set(), undefined, claims([...three, 3, 4]))).toEqual([
      expect.stringMatching(/^warning: no node runs, and claims of an earlier deploy/),
      expect.stringMatching(
        /no node for these claims .*: data-elasticsearch-3, data-elasticsearch-4\. .*replicas: 5 first/,
      ),
    ]);
  });
});

test('pods that a StatefulSet has left behind are nodes that run', () => {
  const pods = three.map((ordinal) => pod(`elasticsearch-${ordinal}`));
  expect(found(set(), undefined, claims(three), pods)).toEqual([expect.stringMatching(/^ok: no node leaves/)]);
  expect(found(set({ replicas: 1 }), undefined, claims(three), pods)).toEqual([
    expect.stringMatching(/^warning: replicas go from 3 to 1: elasticsearch-1, elasticsearch-2 leave for good/),
  ]);
});

test('claims that no node uses, beside nodes that run, are no reason to worry', () => {
  expect(found(set(), set(), claims([...three, 3]))).toEqual([
    'ok: claims that no node uses, from before: data-elasticsearch-3',
  ]);
});

test('a policy that becomes Delete is said, one that becomes Retain is not', () => {
  const both = { whenDeleted: 'Delete', whenScaled: 'Delete' };
  expect(found(set(both), set(), claims(three))).toEqual([
    expect.stringMatching(/^warning: whenDeleted changes from Retain to Delete: .*the StatefulSet is removed$/),
    expect.stringMatching(/^warning: whenScaled changes from Retain to Delete/),
  ]);
  expect(found(set(), set(both), claims(three))).toEqual([expect.stringMatching(/^ok/)]);
});

test('a policy that nobody knows is refused', () => {
  expect(() => found(set(), set({ whenScaled: 'Archive' }), [])).toThrow(/whenScaled of StatefulSet .* "Archive"/);
});
