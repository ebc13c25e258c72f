// What happens to claims and volumes when an overlay is removed, decided on objects as the API server gives them.
import { describe, expect, test } from '@jest/globals';
import { claimsOf } from '../../scripts/lib/check/claims.ts';
import { dataFate, type Removal } from '../../scripts/lib/check/data-fate.ts';
import { retentionOf } from '../../scripts/lib/check/retention.ts';
import { volumeFate } from '../../scripts/lib/check/volume-fate.ts';
import { bySet, claims, pod, rawClaim, set, volume } from './support/standing.ts';

const keeps = set();
const deletes = set({ whenDeleted: 'Delete', whenScaled: 'Delete' });

const fate = (of: Partial<Removal>) => {
  const { goes, stays, refusals } = dataFate({
    namespace: 'reviews',
    rendered: keeps,
    live: keeps,
    claims: [],
    pods: [],
    deletesNamespace: false,
    ...of,
  });
  return { goes: goes.map(({ name }) => name), stays: stays.map(({ name }) => name), refusals };
};

const owned = { owners: [bySet] };
const [zero, one] = ['data-elasticsearch-0', 'data-elasticsearch-1'];

describe('the claims of an overlay that keeps them', () => {
  test('stay where the cluster says so, too', () => {
    expect(fate({ claims: claims([0, 1]) })).toEqual({ goes: [], stays: [zero, one], refusals: [] });
  });

  test('stay without a StatefulSet where nothing owns them', () => {
    expect(fate({ live: undefined, claims: claims([0]) })).toEqual({ goes: [], stays: [zero], refusals: [] });
  });

  test('are not promised to stay where the StatefulSet of the cluster says Delete, and both are named', () => {
    expect(fate({ live: deletes, claims: claims([0], owned) }).refusals).toEqual([
      expect.stringMatching(
        /^the overlay says whenDeleted: Retain, but StatefulSet reviews\/elasticsearch .* says Delete.*Deploy/,
      ),
    ]);
  });

  test.each([
    [
      'the StatefulSet',
      owned,
      keeps,
      /claim data-elasticsearch-0 .*owned by StatefulSet elasticsearch\. .*kubectl .*patch/,
    ],
    ['the StatefulSet, and there is none', owned, undefined, /which is not there any more\. .*kubectl .*patch/],
    [
      'an earlier StatefulSet',
      { owners: [{ ...bySet, uid: 'earlier' }] },
      keeps,
      /StatefulSet elasticsearch, which is not there any more/,
    ],
    ['its pod, which leaves', { owners: [{ kind: 'Pod', name: 'elasticsearch-0' }] }, keeps, /leaving for good: wait/],
  ])('are not promised to stay where one is owned by %s', (_, options, live, message) => {
    expect(fate({ live, claims: claims([0], options) }).refusals).toEqual([expect.stringMatching(message)]);
  });

  test('are not promised to stay where one is being deleted already', () => {
    const leaving = claims([1], { leaving: true });
    expect(fate({ claims: leaving }).refusals).toEqual([
      expect.stringMatching(/is being deleted already\. That can't be undone.* delete pod elasticsearch-1$/),
    ]);
    expect(fate({ claims: leaving, live: undefined }).refusals).toEqual([
      expect.stringMatching(/Wait until it is gone/),
    ]);
  });

  test('are not promised to stay where there can be none, since the data is in the pods', () => {
    const { spec, ...rest } = keeps;
    const { volumeClaimTemplates: _, ...bare } = spec ?? { template: {}, selector: {} };
    expect(fate({ live: { ...rest, spec: bare } }).refusals).toEqual([expect.stringMatching(/has no claims/)]);
  });
});

describe('the claims of an overlay that deletes them', () => {
  const dev = { rendered: deletes, live: deletes };

  test('go with their owners', () => {
    expect(fate({ ...dev, claims: claims([0], owned) })).toEqual({ goes: [zero], stays: [], refusals: [] });
    const leaving = claims([1], { owners: [{ kind: 'Pod', name: 'elasticsearch-1' }], leaving: true });
    expect(fate({ ...dev, claims: leaving }).goes).toEqual([one]);
  });

  test('go with the namespace where the StatefulSet does not own them, and stay where the namespace does', () => {
    const mixed = [...claims([0], owned), ...claims([1])];
    expect(fate({ ...dev, claims: mixed, deletesNamespace: true })).toEqual({
      goes: [zero, one],
      stays: [],
      refusals: [],
    });
    expect(fate({ ...dev, claims: mixed })).toEqual({
      goes: [zero],
      stays: [one],
      refusals: [
        expect.stringMatching(/nothing owns data-elasticsearch-1: .* say Retain .* delete pvc data-elasticsearch-1$/),
      ],
    });
  });

  test("are not deleted where the cluster's StatefulSet says Retain, nor without one where nothing owns them", () => {
    expect(fate({ ...dev, live: keeps, claims: claims([0]), deletesNamespace: true }).refusals).toEqual([
      expect.stringMatching(/^the overlay says whenDeleted: Delete, but .* says Retain/),
    ]);
    expect(fate({ ...dev, live: undefined, claims: claims([0]), deletesNamespace: true }).refusals).toEqual([
      expect.stringMatching(/nothing owns data-elasticsearch-0, and there is no StatefulSet/),
    ]);
    expect(fate({ ...dev, live: undefined, deletesNamespace: true }).refusals).toEqual([]);
  });
});

test.each([
  ['another kind', { kind: 'Backup', name: 'elasticsearch' }],
  ['another StatefulSet', { kind: 'StatefulSet', name: 'kibana' }],
  ["another node's pod", { kind: 'Pod', name: 'elasticsearch-1' }],
])('a claim that %s owns is not understood: nothing is removed', (_, owner) => {
  for (const rendered of [keeps, deletes])
    expect(
      fate({ rendered, live: rendered, claims: claims([0], { owners: [bySet, owner] }), deletesNamespace: true })
        .refusals,
    ).toEqual([expect.stringMatching(`claim data-elasticsearch-0 is not known: .*${owner.kind} ${owner.name}`)]);
});

test('pods that a StatefulSet has left behind would be ended by nobody: nothing is removed', () => {
  const left = { pods: [pod('elasticsearch-0'), pod('kibana-7d9-0')] };
  const refusal = expect.stringMatching(
    /no StatefulSet, so nothing would end elasticsearch-0: deploy the overlay first/,
  );
  expect(fate({ ...left, live: undefined }).refusals).toEqual([refusal]);
  expect(fate(left).refusals).toEqual([]);
});

describe('the retention policy', () => {
  test('is Retain where none is written', () => {
    expect(retentionOf({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, 'x')).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
  });

  test('with a word that nobody knows is refused, wherever it stands', () => {
    const odd = set({ whenDeleted: 'Archive' });
    expect(() => fate({ rendered: odd })).toThrow(
      'whenDeleted of the overlay must be Retain or Delete, but is "Archive"',
    );
    expect(() => fate({ live: odd })).toThrow(
      'whenDeleted of StatefulSet reviews/elasticsearch in the cluster must be',
    );
  });
});

test('only a number makes a claim one of a node', () => {
  const names = ['data-elasticsearch-10', 'data-elasticsearch-2', 'data-elasticsearch-backup', 'data-elasticsearch-01'];
  const others = ['data-elasticsearch-', 'data-elasticsearch-2-x', 'x-data-elasticsearch-1', 'data-kibana-0'];
  const found = claimsOf(
    [set()],
    [...names, ...others].map((name) => rawClaim(name)),
  );
  expect(found.map(({ name }) => name)).toEqual(['data-elasticsearch-2', 'data-elasticsearch-10']);
});

describe('the volume of a claim that goes', () => {
  const going = claims([0], { volume: 'pv-0' });
  const found = (policy: string) => volumeFate(going, new Map([['pv-0', volume(policy)]]));

  test('goes too by its policy Delete, and keeps the data by Retain', () => {
    expect(found('Delete')).toEqual({ kept: [], refusals: [] });
    expect(found('Retain')).toEqual({
      kept: ['PersistentVolume pv-0, with the data of data-elasticsearch-0 on it: its reclaim policy is Retain'],
      refusals: [],
    });
  });

  test('with a policy that nobody knows, or that was not looked at, is refused', () => {
    expect(found('Archive').refusals).toEqual([expect.stringMatching(/pv-0 is Archive$/)]);
    expect(volumeFate(going, new Map()).refusals).toEqual([expect.stringMatching(/was not looked at/)]);
  });

  test('may be gone, or never have been there', () => {
    expect(volumeFate(going, new Map([['pv-0', undefined]]))).toEqual({ kept: [], refusals: [] });
    expect(volumeFate(claims([0]), new Map())).toEqual({ kept: [], refusals: [] });
  });
});
